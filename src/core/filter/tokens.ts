/** One word of a `$filter`: a name or operator, a quoted text (its doubled quotes undone), or punctuation. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: '(' | ')' | ',' };

const pattern = /\s*(?:'((?:[^']|'')*)'|([A-Za-z][\w/.]*)|([(),]))\s*/y;

/** Splits a filter; undefined where it has a character that no filter has. @see OData v3, URL conventions, 4.5 */
export function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    tokens.push(tokenOf(match));
    at = pattern.lastIndex;
  }
  return tokens;
}

function tokenOf([, quoted, word, sign]: RegExpExecArray): Token {
  if (quoted !== undefined) return { kind: 'text', text: quoted.replaceAll("''", "'") };
  return word === undefined ? { kind: sign as '(' | ')' | ',' } : { kind: 'word', text: word };
}
