const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the text is a GUID in its dashed form, in any letter case. */
export function isGuid(text: string): boolean {
  return guidPattern.test(text);
}

/** `8e3af657a8ff443ca75c2fe8c4bcb635`: the form without dashes in which authorization's messages name ids. */
export function withoutDashes(guid: string): string {
  return guid.replaceAll('-', '').toLowerCase();
}

/** Writes a GUID's 128 bits as four numbers from `at` on. */
export function packGuid(guid: string, into: Uint32Array, at: number): void {
  const hex = withoutDashes(guid);
  for (let part = 0; part < 4; part += 1) into[at + part] = Number.parseInt(hex.slice(part * 8, part * 8 + 8), 16);
}

/** Whether the four numbers from `at` on are this GUID. */
export function holdsGuid(from: Uint32Array, at: number, packed: Uint32Array): boolean {
  return (
    from[at] === packed[0] && from[at + 1] === packed[1] && from[at + 2] === packed[2] && from[at + 3] === packed[3]
  );
}

/** The GUID that was packed, in lower case. */
export function unpackGuid(from: Uint32Array, at: number): string {
  const hex = [0, 1, 2, 3].map((part) => (from[at + part] ?? 0).toString(16).padStart(8, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
