/** A range of addresses: `length` is how many of the `bits` (32 or 128) are the network's. */
export interface Network {
  readonly first: bigint;
  readonly last: bigint;
  readonly bits: 32 | 128;
  readonly length: number;
}

/** Parses `10.0.0.0/16` or `fd00::/8`; undefined for anything else. An address inside stands for its network. */
export function parseNetwork(range: string): Network | undefined {
  const [, written = '', length = ''] = /^([^/]{1,45})\/(\d{1,3})$/.exec(range.trim()) ?? [];
  const bits = written.includes(':') ? 128 : 32;
  const address = bits === 128 ? parseV6(written) : parseV4(written);
  return address === undefined || Number(length) > bits ? undefined : networkAt(address, bits, Number(length));
}

/** The network of this length in which an address lies. */
export function networkAt(address: bigint, bits: 32 | 128, length: number): Network {
  const host = BigInt(bits - length);
  const first = (address >> host) << host;
  return { first, last: first + (1n << host) - 1n, bits, length };
}

/** `10.0.0.1`, or `fd00::1` with the longest run of zeros left out (RFC 5952 section 4). */
export function formatAddress(address: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return compressed(groups);
}

function compressed(groups: readonly string[]): string {
  let [start, length] = [0, 0];
  for (let at = 0; at < 8; at++) {
    const run = groups.slice(at).findIndex((group) => group !== '0');
    const zeros = run < 0 ? 8 - at : run;
    if (zeros > length) [start, length] = [at, zeros];
  }
  return length < 2
    ? groups.join(':')
    : `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function parseV4(written: string): bigint | undefined {
  const parts = written.split('.');
  const valid = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return valid ? parts.reduce((address, part) => (address << 8n) | BigInt(part), 0n) : undefined;
}

function parseV6(written: string): bigint | undefined {
  const halves = written.split('::');
  const [head = [], tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length > 2 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((address, group) => (address << 16n) | BigInt(`0x${group}`), 0n);
}
