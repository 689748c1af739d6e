import type { Json } from '../json.ts';
import { isJsonObject } from '../json.ts';

/** Names of fields whose values are secrets, or may well hold one: `adminPassword`, `customData`, `protectedSettings` … */
const secretName =
  /password|passphrase|secret|customdata|userdata|protectedsettings|credential|token|privatekey|accesskey|accountkey|connectionstring/i;

/** The longest body that an event carries, in characters. Our own choice: it keeps a page of events small. */
const longestBody = 32_768;

/**
 * A request's or an answer's body as an event carries it: as a string. A body that is longer than an event should carry is left
 * out; so is every field named like a secret.
 */
export function formatRecordedBody(body: Json | undefined): string | undefined {
  if (body === undefined) return undefined;
  const text = JSON.stringify(withoutSecrets(body));
  return text.length > longestBody ? undefined : text;
}

/** The same value without the fields that are named like secrets. A boolean is none: `disablePasswordAuthentication` stays. */
export function withoutSecrets(value: Json): Json {
  if (isJsonObject(value)) {
    const open = Object.entries(value).filter(([name, inner]) => typeof inner === 'boolean' || !secretName.test(name));
    return Object.fromEntries(open.map(([name, inner]) => [name, withoutSecrets(inner)]));
  }
  return Array.isArray(value) ? value.map(withoutSecrets) : value;
}
