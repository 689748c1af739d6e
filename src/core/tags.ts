import { isJsonObject, type Json } from './json.ts';
import { type Refusal, refuse } from './refusal.ts';

/** A resource's tags. */
export type Tags = Readonly<Record<string, string>>;

const forbidden = /[<>%&\\?/\p{Cc}]/u;

/**
 * Reads a body's `tags`: absent or null is none. Refuses `InvalidRequestContent` for what is no map of strings, and
 * `TagsTooMany`, `InvalidTag`, `InvalidTagNameCharacters` for tags against the rules.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources "Limitations"
 */
export function parseTags(value: Json | undefined): Tags | Refusal {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) return refuse('InvalidRequestContent', "The 'tags' property must be an object of strings.");
  const entries = Object.entries(value);
  if (entries.length > 50) {
    return refuse('TagsTooMany', `A resource has at most 50 tags; ${entries.length} were given.`);
  }
  const names = new Set<string>();
  for (const [name, text] of entries) {
    const wrong = judgeTag(name, text) ?? judgeRepeat(names, name);
    if (wrong !== undefined) return wrong;
  }
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text ?? '')]));
}

function judgeTag(name: string, text: Json): Refusal | undefined {
  if (name === '' || name.length > 512)
    return refuse('InvalidTag', `The tag name '${name}' must have 1 to 512 characters.`);
  if (forbidden.test(name)) {
    return refuse(
      'InvalidTagNameCharacters',
      `The tag name '${name}' has reserved characters '<,>,%,&,\\,?,/' or control characters.`,
    );
  }
  if (text !== null && typeof text !== 'string') {
    return refuse('InvalidRequestContent', `The value of the tag '${name}' must be a string.`);
  }
  return (text ?? '').length > 256
    ? refuse('InvalidTag', `The value of the tag '${name}' must have at most 256 characters.`)
    : undefined;
}

/** Tag names have no case: two spellings of one are one tag given twice. */
function judgeRepeat(names: Set<string>, name: string): Refusal | undefined {
  const folded = name.toLowerCase();
  if (names.has(folded)) return refuse('InvalidTag', `The tag name '${name}' is given more than once.`);
  names.add(folded);
  return undefined;
}
