import { type AttributeSource, attributeSources, type Flaw } from './syntax.ts';

/** A piece of a condition's text; `at` counts characters from 1. */
export type Token = { readonly at: number } & (
  | { readonly kind: 'mark'; readonly mark: '(' | ')' | '{' | '}' | ',' }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'attribute'; readonly source: AttributeSource; readonly name: string }
);

const blank = /[ \t\r\n]+/y;
const mark = /[(){},]/y;
const logic = /&&|\|\||!/y;
const word = /[A-Za-z0-9_.:+-]+/y;
const text = /'((?:[^'\\]|\\[\s\S])*)'/y;
const attribute = /@([A-Za-z]+)\[([^\]'"\r\n]{1,512})\]/y;

const words: ReadonlyMap<string, string> = new Map([
  ['&&', 'AND'],
  ['||', 'OR'],
  ['!', 'NOT'],
]);

/** Takes a condition's text apart, in one pass from left to right. */
export function tokenize(written: string): readonly Token[] | Flaw {
  const tokens: Token[] = [];
  for (let at = 0; at < written.length; ) {
    const space = matchAt(blank, written, at);
    if (space !== undefined) {
      at += space[0].length;
      continue;
    }
    const read = readToken(written, at);
    if ('flaw' in read) return read;
    tokens.push(read.token);
    at += read.length;
  }
  return tokens;
}

interface ReadToken {
  readonly token: Token;
  readonly length: number;
}

function readToken(written: string, from: number): ReadToken | Flaw {
  const at = from + 1;
  const marked = matchAt(mark, written, from);
  if (marked !== undefined) {
    return { token: { at, kind: 'mark', mark: marked[0] as '(' }, length: 1 };
  }
  const worded = matchAt(logic, written, from) ?? matchAt(word, written, from);
  if (worded !== undefined) {
    return { token: { at, kind: 'word', word: words.get(worded[0]) ?? worded[0] }, length: worded[0].length };
  }
  const quoted = matchAt(text, written, from);
  if (quoted !== undefined) {
    return { token: { at, kind: 'text', text: unquote(quoted[1] ?? '') }, length: quoted[0].length };
  }
  return readAttribute(written, from);
}

function readAttribute(written: string, from: number): ReadToken | Flaw {
  const at = from + 1;
  const named = matchAt(attribute, written, from);
  if (named === undefined) return { position: at, flaw: flawAt(written, from) };
  const source = attributeSources.find((one) => one.toLowerCase() === named[1]?.toLowerCase());
  if (source !== undefined) {
    return { token: { at, kind: 'attribute', source, name: named[2] ?? '' }, length: named[0].length };
  }
  const sources = attributeSources.map((one) => `@${one}`).join(', ');
  return { position: at, flaw: `'@${named[1]}' is no source of attributes; it must be one of ${sources}.` };
}

function flawAt(written: string, from: number): string {
  const character = String.fromCodePoint(written.codePointAt(from) ?? 0);
  if (character === "'") return "the text that begins with ' does not end.";
  if (character === '@')
    return 'an attribute must be like @Request[Microsoft.Authorization/roleAssignments:PrincipalId].';
  return `'${character}' is not expected.`;
}

/** `\'` and `\\` stand for a quote and a backslash; before anything else a backslash stands for itself. */
function unquote(quoted: string): string {
  return quoted.replace(/\\(['\\])/g, '$1');
}

function matchAt(pattern: RegExp, written: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(written) ?? undefined;
}
