/** A word (a name, an operator, `true`), a value without its quotes, or a sign. */
export type Token = { readonly word: string } | { readonly value: string } | { readonly sign: string };

/**
 * A text in quotes has its quotes doubled (OData 4.01 URL conventions, section 5.1.1.6.1); a GUID, a number and a time have none;
 * names may have a path.
 */
const pattern =
  /\s*(?:'((?:[^']|'')*)'|([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9][\w.:+-]*)|([A-Za-z][\w./]*)|([(),:]))\s*/y;

/** The tokens of an OData expression; undefined where something is none. */
export function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, quoted, bare, word, sign] = match;
    if (quoted !== undefined) tokens.push({ value: quoted.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ word });
    else tokens.push(bare === undefined ? { sign: sign ?? '' } : { value: bare });
  }
  return tokens;
}
