import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { parseTags } from '../../core/tags.ts';

/** The members of a resource that a request sets, each with what it must be. */
const members: Readonly<Record<string, 'string' | 'object' | 'strings' | 'tags' | 'identity'>> = {
  location: 'string',
  tags: 'tags',
  identity: 'identity',
  kind: 'string',
  managedBy: 'string',
  sku: 'object',
  plan: 'object',
  extendedLocation: 'object',
  zones: 'strings',
  properties: 'object',
};

/** Members that answers carry and that clients send back: they say nothing. */
const echoed = new Set([
  'id',
  'name',
  'type',
  'apiversion',
  'etag',
  'systemdata',
  'provisioningstate',
  'createdtime',
  'changedtime',
]);

/**
 * The members that a PUT or PATCH body sets, in their canonical spelling; null stays null. Refuses `InvalidRequestContent` for
 * what no resource has, and what tags refuse.
 * @see azure-resource-manager-rpc v1.0, resource-api-reference.md, "Put Resource"
 */
export function parseResourceBody(type: string, body: Json | undefined): JsonObject | Refusal {
  if (!isJsonObject(body)) return invalid('the body must be a JSON object.', '');
  const read: Record<string, Json> = {};
  for (const [written, value] of Object.entries(body)) {
    if (echoed.has(written.toLowerCase())) continue;
    const name = Object.keys(members).find((member) => member.toLowerCase() === written.toLowerCase());
    if (name === undefined) return unknownMember(written);
    const wrong = value === null ? undefined : judgeMember(name, value);
    if (wrong !== undefined) return wrong;
    read[name] = name === 'properties' && value !== null ? withoutSecretText(value, isSecretName(type)) : value;
  }
  return read;
}

function judgeMember(name: string, value: Json): Refusal | undefined {
  const shape = members[name];
  if (shape === 'tags') {
    const tags = parseTags(value);
    return isRefusal(tags) ? tags : undefined;
  }
  if (shape === 'string') return typeof value === 'string' ? undefined : mustBe(name, 'a string');
  if (shape === 'object') return isJsonObject(value) ? undefined : mustBe(name, 'an object');
  if (shape === 'strings') {
    const strings = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return strings ? undefined : mustBe(name, 'an array of strings');
  }
  return undefined;
}

/** Names of fields in which clients send a secret that Azure takes and never gives back. */
const secretField =
  /(password|passphrase|secret|secretvalue|privatekey|accesskey|accountkey|sharedkey|primarykey|secondarykey|connectionstring|accesstoken|sastoken|customdata)$/i;

/**
 * The same value without its secrets: they are not stored. So is the `value` of what calls itself a secret, or lies in
 * `secrets`.
 */
function withoutSecretText(value: Json, secret = false): Json {
  if (Array.isArray(value)) return value.map((item) => withoutSecretText(item, secret));
  if (!isJsonObject(value)) return value;
  const isSecret = secret || value['secret'] === true || value['type'] === 'SecureString';
  const open = Object.entries(value).filter(
    ([name, inner]) =>
      name !== 'protectedSettings' &&
      !(typeof inner === 'string' && secretField.test(name)) &&
      !(isSecret && name === 'value'),
  );
  return Object.fromEntries(open.map(([name, inner]) => [name, withoutSecretText(inner, isSecretName(name))]));
}

function isSecretName(name: string): boolean {
  return /(^|\/)secrets$/i.test(name);
}

function unknownMember(name: string): Refusal {
  return invalid(`Could not find member '${name}' on object of type 'ResourceDefinition'. Path '${name}'.`, name);
}

function mustBe(name: string, expected: string): Refusal {
  return invalid(`'${name}' must be ${expected}.`, name);
}

function invalid(why: string, target: string): Refusal {
  const message = `The request content was invalid and could not be deserialized: '${why}'.`;
  return refuse('InvalidRequestContent', message, target === '' ? {} : { target });
}
