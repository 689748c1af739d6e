import { isJsonObject, type Json } from './json.ts';

/** What stands in the place of a secret. */
const concealed = '***';

/** A secret at least so long is found within longer texts too. */
const findable = 4;

/** The same value without texts that are, or hold, one of the secrets. */
export function conceal(value: Json, secrets: ReadonlySet<string>): Json {
  if (secrets.size === 0) return value;
  if (typeof value === 'string') return holds(value, secrets) ? concealed : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => conceal(one, secrets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, conceal(one, secrets)]));
}

function holds(text: string, secrets: ReadonlySet<string>): boolean {
  if (secrets.has(text)) return text !== '';
  return [...secrets].some((secret) => secret.length >= findable && text.includes(secret));
}

/** Every text in a value, for a value that is secret as a whole. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one) => textsIn(one as Json));
}
