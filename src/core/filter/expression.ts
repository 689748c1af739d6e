import { type Token, tokenize } from './tokens.ts';

/** One test of a `$filter`: a field, in the spelling that was written, against a text. */
export interface FieldTest {
  readonly field: string;
  readonly test: 'eq' | 'ne' | 'contains' | 'startswith' | 'endswith';
  readonly value: string;
}

/** A parsed `$filter`. */
export type Expression =
  | FieldTest
  | { readonly and: readonly [Expression, Expression] }
  | { readonly or: readonly [Expression, Expression] };

/**
 * Parses the part of OData's filters that Resource Manager's lists take: `eq`, `ne`, `and`, `or`, parentheses,
 * `contains(field, 'text')`, `startswith`, `endswith` and the older `substringof('text', field)`. Undefined for anything else.
 * @see OData v3, URL conventions, 4.5
 */
export function parseExpression(text: string): Expression | undefined {
  const tokens = tokenize(text);
  const parsed = tokens === undefined ? undefined : parseOr(tokens, 0);
  return parsed !== undefined && parsed.next === tokens?.length ? parsed.expression : undefined;
}

/** A parsed part and where the next begins; undefined where the text is no filter. */
type Parsed = { readonly expression: Expression; readonly next: number } | undefined;

function parseOr(tokens: readonly Token[], from: number): Parsed {
  let left = parseAnd(tokens, from);
  while (left !== undefined && isWord(tokens[left.next], 'or')) {
    const right = parseAnd(tokens, left.next + 1);
    if (right === undefined) return undefined;
    left = { expression: { or: [left.expression, right.expression] }, next: right.next };
  }
  return left;
}

function parseAnd(tokens: readonly Token[], from: number): Parsed {
  let left = parsePrimary(tokens, from);
  while (left !== undefined && isWord(tokens[left.next], 'and')) {
    const right = parsePrimary(tokens, left.next + 1);
    if (right === undefined) return undefined;
    left = { expression: { and: [left.expression, right.expression] }, next: right.next };
  }
  return left;
}

function parsePrimary(tokens: readonly Token[], from: number): Parsed {
  if (tokens[from]?.kind !== '(') return parseFunction(tokens, from) ?? parseComparison(tokens, from);
  const inner = parseOr(tokens, from + 1);
  return inner !== undefined && tokens[inner.next]?.kind === ')' ? { ...inner, next: inner.next + 1 } : undefined;
}

function parseComparison(tokens: readonly Token[], from: number): Parsed {
  const [name, operator, value] = tokens.slice(from, from + 3);
  if (name?.kind !== 'word' || value?.kind !== 'text') return undefined;
  const test = (['eq', 'ne'] as const).find((word) => isWord(operator, word));
  return test && { expression: { field: name.text, test, value: value.text }, next: from + 3 };
}

function parseFunction(tokens: readonly Token[], from: number): Parsed {
  const [name, open, first, comma, second, close] = tokens.slice(from, from + 6);
  if (open?.kind !== '(' || comma?.kind !== ',' || close?.kind !== ')') return undefined;
  const older = isWord(name, 'substringof');
  const test = older
    ? 'contains'
    : (['contains', 'startswith', 'endswith'] as const).find((word) => isWord(name, word));
  const [field, value] = older ? [second, first] : [first, second];
  if (test === undefined || field?.kind !== 'word' || value?.kind !== 'text') return undefined;
  return { expression: { field: field.text, test, value: value.text }, next: from + 6 };
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word;
}
