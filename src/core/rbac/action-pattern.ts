/** Whether a pattern matches an action; the action is given folded (lower case). */
export type ActionMatcher = (foldedAction: string) => boolean;

const nothing: ActionMatcher = () => false;

/**
 * Compiles a role's action patterns: caseless, anchored at both ends, `*` matching any run of characters, `/` too.
 * Matching takes no backtracking: each literal between two stars is sought once, from left to right.
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-definitions#actions-format
 */
export function compileActions(patterns: readonly string[]): ActionMatcher {
  const folded = patterns.map((pattern) => pattern.toLowerCase());
  if (folded.some((pattern) => /^\*+$/.test(pattern))) return () => true;
  const literals = new Set(folded.filter((pattern) => !pattern.includes('*')));
  const globs = folded.filter((pattern) => pattern.includes('*')).map(compileGlob);
  if (globs.length > 0) return (action) => literals.has(action) || globs.some((glob) => glob(action));
  return literals.size === 0 ? nothing : (action) => literals.has(action);
}

function compileGlob(pattern: string): ActionMatcher {
  const parts = pattern.split('*');
  const head = parts[0] ?? '';
  const tail = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  const shortest = parts.reduce((sum, part) => sum + part.length, 0);
  return (action) =>
    action.length >= shortest &&
    action.startsWith(head) &&
    action.endsWith(tail) &&
    holdsInOrder(action, middle, head.length, action.length - tail.length);
}

/** Leftmost placement of each part leaves the most room for the next, so no other placement need be tried. */
function holdsInOrder(action: string, parts: readonly string[], from: number, to: number): boolean {
  let at = from;
  for (const part of parts) {
    const found = action.indexOf(part, at);
    if (found < 0 || found + part.length > to) return false;
    at = found + part.length;
  }
  return at <= to;
}
