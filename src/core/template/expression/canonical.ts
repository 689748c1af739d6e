import { isJsonObject, type Json } from '../../json.ts';

/** A text that two values share exactly if they are deeply equal; the order of properties makes no difference. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_, part: Json) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** Whether two values are deeply equal. Texts differ by letter case. */
export function deepEqual(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && canonical(a) === canonical(b));
}
