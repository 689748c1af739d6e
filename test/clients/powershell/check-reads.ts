/**
 * What a value must be for the source to go on: `filled` is a text that is not empty, `text` any, `flag`, `count` and `moment` what
 * C# parses as bool, int and DateTime; `object` and `list` may be of anything. A question mark allows null or nothing.
 */
export type Kind = `${'filled' | 'text' | 'flag' | 'count' | 'moment' | 'object' | 'list'}${'' | '?'}`;

/** What one part of PowerShell's published source reads from an answer: `a.b`, `list[]` for each and `list[0]` for the first. */
export interface Reads {
  /** The file that reads it. */
  readonly source: string;
  readonly fields: Readonly<Record<string, Kind>>;
}

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  filled: (value) => typeof value === 'string' && value !== '',
  text: (value) => typeof value === 'string',
  flag: (value) => typeof value === 'boolean',
  count: (value) => Number.isInteger(value),
  moment: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  list: Array.isArray,
};

/** The body, when all that is read from it is there and of its kind. Throws a message that names the reader and each field. */
export function checkReads<T>(body: unknown, { source, fields }: Reads): T {
  const flaws = Object.entries(fields).flatMap(([path, kind]) =>
    valuesAt(body, path)
      .filter((value) => !isOf(value, kind))
      .map((value) => `${path} is ${JSON.stringify(value)}, not ${kind}`),
  );
  if (flaws.length > 0) throw new Error(`${source} cannot read the answer: ${flaws.join('; ')}`);
  return body as T;
}

function isOf(value: unknown, kind: Kind): boolean {
  const missing = value === undefined || value === null;
  return kind.endsWith('?') && missing ? true : kinds[kind.replace('?', '')]?.(value) === true;
}

/** Every value that a path leads to; one undefined where it leads nowhere, none below an object that is not there. */
function valuesAt(body: unknown, path: string): readonly unknown[] {
  const steps = path.match(/\[\d*\]|@odata\.type|[^.[\]]+/g) ?? [];
  return steps.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => stepInto(value, step)), [body]);
}

function stepInto(value: unknown, step: string): readonly unknown[] {
  if (step === '[]') return Array.isArray(value) ? value : [];
  if (value === undefined || value === null) return [value];
  const key = step.startsWith('[') ? step.slice(1, -1) : step;
  return [(value as Readonly<Record<string, unknown>>)[key]];
}
