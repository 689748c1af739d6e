import type { AssignmentTable, Holder } from './assignment-table.ts';
import { HoldersByScope } from './holders-by-scope.ts';

/** Who asks, folded: a principal with its groups, and those among them that have, or had, any role assignment. */
export interface Caller {
  readonly principals: readonly string[];
  readonly holders: readonly Holder[];
  readonly byScope: HoldersByScope;
}

interface Known extends Caller {
  /** How many principals held assignments when this was worked out: none ever stops being counted. */
  readonly holdersCounted: number;
}

/**
 * Answers who asks, by the list of ids that names it: the same list again, while nobody new has come to hold assignments,
 * costs one look-up, however many groups are in it.
 */
export function callersOver(assignments: AssignmentTable): (principals: readonly string[]) => Caller {
  const known = new WeakMap<readonly string[], Known>();
  return (list) => {
    const caller = known.get(list);
    const holdersCounted = assignments.holdersCounted;
    if (caller !== undefined && caller.holdersCounted === holdersCounted) return caller;
    const principals = list.map((principal) => principal.toLowerCase());
    const holders = assignments.holders(principals);
    const found = { principals, holders, holdersCounted, byScope: new HoldersByScope(assignments, holders) };
    known.set(list, found);
    return found;
  };
}
