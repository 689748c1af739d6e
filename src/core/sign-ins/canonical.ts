import { isJsonObject, type Json } from '../json.ts';

/**
 * JSON as one text: no blanks, names in the order of their UTF-16 code units, so that equal values have equal texts wherever they
 * were kept in between. @see RFC 8785 (our numbers are integers)
 */
export function formatCanonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(formatCanonical).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${formatCanonical(value[name] as Json)}`).join()}}`;
}
