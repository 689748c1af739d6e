/** Whether a text is like a pattern. */
export type LikeMatcher = (text: string) => boolean;

/** A part of a pattern between two `*`: characters, `undefined` standing for any one. */
type Piece = readonly (string | undefined)[];

/**
 * Compiles the pattern of `StringLike`: `*` is any run of characters, `?` any one, `\*` and `\?` are themselves. Each piece between
 * two `*` is sought once, from left to right, and none is sought again: the time is at most text times longest piece.
 */
export function compileLike(pattern: string): LikeMatcher {
  const pieces = piecesOf(pattern);
  const [head = [], ...rest] = pieces;
  const tail = rest.pop();
  if (tail === undefined) return (text) => text.length === head.length && isAt(head, text, 0);
  const shortest = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return (text) => {
    const end = text.length - tail.length;
    return (
      text.length >= shortest && isAt(head, text, 0) && isAt(tail, text, end) && holds(rest, text, head.length, end)
    );
  };
}

function piecesOf(pattern: string): readonly Piece[] {
  const pieces: (string | undefined)[][] = [[]];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    const next = pattern.charAt(at + 1);
    if (character === '*') {
      pieces.push([]);
    } else if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      pieces.at(-1)?.push(next);
      at += 1;
    } else {
      pieces.at(-1)?.push(character === '?' ? undefined : character);
    }
  }
  return pieces;
}

function isAt(piece: Piece, text: string, from: number): boolean {
  for (let at = 0; at < piece.length; at += 1) {
    if (piece[at] !== undefined && piece[at] !== text.charAt(from + at)) return false;
  }
  return true;
}

/** The leftmost place of each piece leaves the most room for the next, so no other need be tried. */
function holds(pieces: readonly Piece[], text: string, from: number, to: number): boolean {
  let at = from;
  for (const piece of pieces) {
    while (at + piece.length <= to && !isAt(piece, text, at)) at += 1;
    if (at + piece.length > to) return false;
    at += piece.length;
  }
  return true;
}
