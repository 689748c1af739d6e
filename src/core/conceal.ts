import { isJsonObject, type Json } from './json.ts';
import type { Refusal } from './refusal.ts';

/** What stands in the place of a secret. */
const concealed = '***';

/** A secret at least so long is found within longer texts too; a shorter one is more likely a word. Our own choice. */
const findable = 8;

/** So many secrets can be looked for; where there are more, no text is shown at all. */
const mostSecrets = 256;

/** The same value without the secrets, wherever in its texts they stand. */
export function conceal(value: Json, secrets: ReadonlySet<string>): Json {
  if (secrets.size === 0) return value;
  if (typeof value === 'string') return concealText(value, secrets);
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => conceal(one, secrets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, conceal(one, secrets)]));
}

function concealText(text: string, secrets: ReadonlySet<string>): string {
  if (secrets.has(text) || secrets.size > mostSecrets) return text === '' ? text : concealed;
  let shown = text;
  for (const secret of secrets) if (secret.length >= findable) shown = shown.replaceAll(secret, concealed);
  return shown;
}

/** A refusal without the secrets, for whoever reads it later. */
export function concealRefusal(refusal: Refusal, secrets: ReadonlySet<string>): Refusal {
  if (secrets.size === 0) return refusal;
  const { message, target, details } = refusal;
  return {
    ...refusal,
    message: concealText(message, secrets),
    ...(target === undefined ? {} : { target: concealText(target, secrets) }),
    ...(details === undefined
      ? {}
      : { details: conceal(details as unknown as Json, secrets) as unknown as NonNullable<typeof details> }),
  };
}

/** Every text in a value, for a value that is secret as a whole. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one) => textsIn(one as Json));
}
