import { isRefusal, type Refusal, refuse } from '../../refusal.ts';
import type { Syntax } from './syntax.ts';
import { type Token, type TokenKind, tokenize } from './tokens.ts';

/** The longest expression, in characters. @see Azure Resource Manager, "Template limits" */
export const maximumLength = 24_576;

/** How deep calls and accesses may lie in each other. Our own: what templates need is far below, what a stack bears far above. */
export const maximumDepth = 200;

/** Whether a text of a template is an expression: `[…]`, but not `[[…]`. */
export function isExpression(text: string): boolean {
  return text.startsWith('[') && text.endsWith(']') && text.length > 1 && text[1] !== '[';
}

/**
 * Parses an expression, given with its brackets, in time linear in its length. Refusals are `InvalidTemplate`, in the words of Azure's parser.
 * @see Azure Resource Manager, "Syntax and expressions in ARM templates"
 */
export function parseExpression(text: string): Syntax | Refusal {
  if (text.length > maximumLength) return tooLong(text.length);
  const inner = text.slice(1, -1);
  const tokens = tokenize(text, 1, text.length - 1);
  if (typeof tokens === 'number') return unexpectedCharacter(inner, text[tokens] ?? '', tokens);
  const cursor: Cursor = { inner, tokens, next: 0 };
  const parsed = parseOperand(cursor, 0);
  if (isRefusal(parsed)) return parsed;
  return take(cursor, 'EndOfData') ? parsed.syntax : unexpected(cursor, 'EndOfData');
}

/** Where the parser stands. */
interface Cursor {
  readonly inner: string;
  readonly tokens: readonly Token[];
  next: number;
}

/** A part of the tree, with its height. */
interface Parsed {
  readonly syntax: Syntax;
  readonly height: number;
}

/** A literal or a call, and what is read from it. `depth` is how deep it lies. */
function parseOperand(cursor: Cursor, depth: number): Parsed | Refusal {
  if (depth > maximumDepth) return tooDeep();
  let parsed = parseLiteral(cursor) ?? parseCall(cursor, depth);
  while (!isRefusal(parsed)) {
    const access = parseAccess(cursor, parsed, depth);
    if (access === undefined) return parsed;
    parsed = access;
  }
  return parsed;
}

function parseLiteral(cursor: Cursor): Parsed | undefined {
  const text = take(cursor, 'Literal');
  if (text !== undefined) return { syntax: { kind: 'literal', value: text.text, at: text.at }, height: 1 };
  const number = take(cursor, 'Integer');
  return number && { syntax: { kind: 'literal', value: Number(number.text), at: number.at }, height: 1 };
}

function parseCall(cursor: Cursor, depth: number): Parsed | Refusal {
  const first = take(cursor, 'Identifier');
  if (first === undefined) return unexpected(cursor, 'Identifier');
  const dot = take(cursor, 'Dot');
  const name = dot === undefined ? first : take(cursor, 'Identifier');
  if (name === undefined) return unexpected(cursor, 'Identifier');
  const args = parseArguments(cursor, depth);
  if (isRefusal(args)) return args;
  const call = { kind: 'call', name: name.text, args: args.map(({ syntax }) => syntax), at: first.at } as const;
  return {
    syntax: dot === undefined ? call : { ...call, namespace: first.text },
    height: 1 + args.reduce((height, arg) => Math.max(height, arg.height), 0),
  };
}

function parseArguments(cursor: Cursor, depth: number): readonly Parsed[] | Refusal {
  if (take(cursor, 'LeftParenthesis') === undefined) return unexpected(cursor, 'LeftParenthesis');
  const args: Parsed[] = [];
  if (take(cursor, 'RightParenthesis') !== undefined) return args;
  do {
    const arg = parseOperand(cursor, depth + 1);
    if (isRefusal(arg)) return arg;
    args.push(arg);
  } while (take(cursor, 'Comma') !== undefined);
  return take(cursor, 'RightParenthesis') === undefined ? unexpected(cursor, 'RightParenthesis') : args;
}

/** The next `.name` or `[index]` of a chain; undefined where the chain ends. */
function parseAccess(cursor: Cursor, of: Parsed, depth: number): Parsed | Refusal | undefined {
  const dot = take(cursor, 'Dot') ?? take(cursor, 'SafeDot');
  const open = dot ?? take(cursor, 'LeftSquareBracket') ?? take(cursor, 'SafeLeftSquareBracket');
  if (open === undefined) return undefined;
  const key = dot === undefined ? parseIndex(cursor, depth) : parseName(cursor);
  if (isRefusal(key)) return key;
  const height = 1 + Math.max(of.height, key.height);
  if (height > maximumDepth) return tooDeep();
  const safe = open.kind === 'SafeDot' || open.kind === 'SafeLeftSquareBracket';
  return { syntax: { kind: 'access', of: of.syntax, key: key.syntax, safe, at: open.at }, height };
}

function parseName(cursor: Cursor): Parsed | Refusal {
  const name = take(cursor, 'Identifier');
  if (name === undefined) return unexpected(cursor, 'Identifier');
  return { syntax: { kind: 'literal', value: name.text, at: name.at }, height: 1 };
}

function parseIndex(cursor: Cursor, depth: number): Parsed | Refusal {
  const index = parseOperand(cursor, depth + 1);
  if (isRefusal(index)) return index;
  return take(cursor, 'RightSquareBracket') === undefined ? unexpected(cursor, 'RightSquareBracket') : index;
}

/** The next token, if it is of this kind; then the cursor stands behind it. */
function take(cursor: Cursor, kind: TokenKind): Token | undefined {
  const token = cursor.tokens[cursor.next];
  if (token?.kind !== kind) return undefined;
  cursor.next += 1;
  return token;
}

function unexpected({ inner, tokens, next }: Cursor, expected: TokenKind): Refusal {
  const actual = tokens[next]?.kind ?? 'EndOfData';
  const message = `Unable to parse language expression '${inner}': expected token '${expected}' and actual '${actual}'.`;
  return refuse('InvalidTemplate', message, { cause: { position: tokens[next]?.at ?? 0 } });
}

function unexpectedCharacter(inner: string, character: string, at: number): Refusal {
  return refuse(
    'InvalidTemplate',
    `The language expression '${inner}' is not valid: the string character '${character}' at position '${at}' is not expected.`,
  );
}

function tooLong(length: number): Refusal {
  return refuse(
    'InvalidTemplate',
    `The language expression length limit exceeded. Limit: '${maximumLength}' and actual: '${length}'.`,
  );
}

function tooDeep(): Refusal {
  return refuse(
    'InvalidTemplate',
    `The language expression is nested too deep. At most '${maximumDepth}' functions, properties and indexes can lie in each other.`,
  );
}
