/** The kinds of tokens, under the names that Azure's parse errors give them. */
export type TokenKind =
  | 'Identifier'
  | 'Literal'
  | 'Integer'
  | 'Dot'
  | 'SafeDot'
  | 'Comma'
  | 'LeftParenthesis'
  | 'RightParenthesis'
  | 'LeftSquareBracket'
  | 'SafeLeftSquareBracket'
  | 'RightSquareBracket'
  | 'EndOfData';

/** One word of an expression; `text` is a name, a number's digits, or what stands between quotes with the doubled ones undone. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it begins in the text. */
  readonly at: number;
}

/** `Literal`'s inner part takes each quote only as a doubled one, so that there is one way to match and the time is linear. */
const pattern = /\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_$][\w$]*)|(\.\?|\[\?|[.,()[\]]))/y;

const signs: Readonly<Record<string, TokenKind>> = {
  '.': 'Dot',
  '.?': 'SafeDot',
  ',': 'Comma',
  '(': 'LeftParenthesis',
  ')': 'RightParenthesis',
  '[': 'LeftSquareBracket',
  '[?': 'SafeLeftSquareBracket',
  ']': 'RightSquareBracket',
};

/** Splits `text` from `from` up to `to`; the position of the character that begins no token where there is one. The last token is `EndOfData`. */
export function tokenize(text: string, from: number, to: number): readonly Token[] | number {
  const tokens: Token[] = [];
  const end = text.slice(0, to).trimEnd().length;
  let at = from;
  while (at < end) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null || pattern.lastIndex > to) return at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    tokens.push(tokenOf(match, pattern.lastIndex));
    at = pattern.lastIndex;
  }
  return [...tokens, { kind: 'EndOfData', text: '', at: Math.max(end, from) }];
}

function tokenOf([, quoted, digits, name, sign]: RegExpExecArray, end: number): Token {
  if (quoted !== undefined) return { kind: 'Literal', text: quoted.replaceAll("''", "'"), at: end - quoted.length - 2 };
  const text = digits ?? name ?? sign ?? '';
  const kind = digits !== undefined ? 'Integer' : name !== undefined ? 'Identifier' : signs[text];
  return { kind: kind ?? 'EndOfData', text, at: end - text.length };
}
