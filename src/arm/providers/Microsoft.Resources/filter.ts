import type { JsonObject } from '../../../core/json.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { type FilterField, fieldNames, fieldsOf } from './filter-fields.ts';
import { type Token, tokenize } from './filter-tokens.ts';

/** Whether a resource passes a `$filter`. */
export type Filter = (resource: JsonObject) => boolean;

/** A comparison of one field, or of a tag's name together with its value. */
type Test =
  | {
      readonly field: FilterField;
      readonly accepts: (value: string) => boolean;
      readonly text: string;
      readonly equal: boolean;
    }
  | { readonly filter: Filter };

/**
 * Parses a `$filter` of resources or groups: `eq`, `ne`, `and`, `or`, parentheses, `substringof`, `startswith`, over the
 * fields that Azure filters by. `tagName eq 'a' and tagValue eq 'b'` means one tag. Refuses `InvalidFilterInQueryString`.
 * @see https://learn.microsoft.com/rest/api/resources/resources/list "$filter"
 */
export function parseFilter(text: string | undefined): Filter | Refusal {
  if (text === undefined || text.trim() === '') return () => true;
  const tokens = tokenize(text);
  const parsed = tokens === undefined ? undefined : parseOr(tokens, 0);
  if (parsed === undefined || parsed.next !== tokens?.length) {
    return refuse('InvalidFilterInQueryString', `Invalid $filter '${text}' specified in the query string.`);
  }
  return filterOf(parsed.test);
}

/** A parsed part and where the next begins; undefined where the text is no filter. */
type Parsed = { readonly test: Test; readonly next: number } | undefined;

function parseOr(tokens: readonly Token[], from: number): Parsed {
  let left = parseAnd(tokens, from);
  while (left !== undefined && isWord(tokens[left.next], 'or')) {
    const right = parseAnd(tokens, left.next + 1);
    if (right === undefined) return undefined;
    const [one, other] = [filterOf(left.test), filterOf(right.test)];
    left = { test: { filter: (resource) => one(resource) || other(resource) }, next: right.next };
  }
  return left;
}

function parseAnd(tokens: readonly Token[], from: number): Parsed {
  let left = parsePrimary(tokens, from);
  while (left !== undefined && isWord(tokens[left.next], 'and')) {
    const right = parsePrimary(tokens, left.next + 1);
    if (right === undefined) return undefined;
    left = { test: { filter: both(left.test, right.test) }, next: right.next };
  }
  return left;
}

function parsePrimary(tokens: readonly Token[], from: number): Parsed {
  const token = tokens[from];
  if (token?.kind === '(') {
    const inner = parseOr(tokens, from + 1);
    return inner !== undefined && tokens[inner.next]?.kind === ')'
      ? { test: { filter: filterOf(inner.test) }, next: inner.next + 1 }
      : undefined;
  }
  return isWord(token, 'substringof') || isWord(token, 'startswith')
    ? parseFunction(tokens, from)
    : parseComparison(tokens, from);
}

function parseComparison(tokens: readonly Token[], from: number): Parsed {
  const [name, operator, value] = tokens.slice(from, from + 3);
  const field = name?.kind === 'word' ? fieldNames.get(name.text.toLowerCase()) : undefined;
  if (field === undefined || value?.kind !== 'text') return undefined;
  const text = value.text.toLowerCase();
  if (isWord(operator, 'eq'))
    return { test: { field, text: value.text, equal: true, accepts: (held) => held === text }, next: from + 3 };
  if (!isWord(operator, 'ne')) return undefined;
  return { test: { filter: (resource) => !fieldsOf(field, resource).includes(text) }, next: from + 3 };
}

/** `substringof('text', field)` and `startswith(field, 'text')`. */
function parseFunction(tokens: readonly Token[], from: number): Parsed {
  const [name, open, first, comma, second, close] = tokens.slice(from, from + 6);
  if (open?.kind !== '(' || comma?.kind !== ',' || close?.kind !== ')') return undefined;
  const inText = isWord(name, 'substringof');
  const [value, word] = inText ? [first, second] : [second, first];
  const field = word?.kind === 'word' ? fieldNames.get(word.text.toLowerCase()) : undefined;
  if (field === undefined || value?.kind !== 'text') return undefined;
  const text = value.text.toLowerCase();
  const accepts = (held: string) => (inText ? held.includes(text) : held.startsWith(text));
  return { test: { field, text, equal: false, accepts }, next: from + 6 };
}

function both(left: Test, right: Test): Filter {
  const tag = oneTag(left, right) ?? oneTag(right, left);
  if (tag !== undefined) return tag;
  const [one, other] = [filterOf(left), filterOf(right)];
  return (resource) => one(resource) && other(resource);
}

/** A tag's name and value joined by `and` mean the same tag. */
function oneTag(name: Test, value: Test): Filter | undefined {
  if (!('field' in name) || !('field' in value) || !name.equal || !value.equal) return undefined;
  if (name.field !== 'tagname' || value.field !== 'tagvalue') return undefined;
  const pair = `${name.text.toLowerCase()}=${value.text.toLowerCase()}`;
  return (resource) => fieldsOf('tag', resource).includes(pair);
}

function filterOf(test: Test): Filter {
  return 'filter' in test ? test.filter : (resource) => fieldsOf(test.field, resource).some(test.accepts);
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word;
}
