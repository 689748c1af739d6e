import { foldId, sameId } from '../resource-id.ts';
import type { DenyAssignment } from './role-assignment.ts';
import { type CompiledPermissions, compilePermissions, type Plane } from './role-verdict.ts';
import { type ScopePath, textAt } from './scope-path.ts';

/** The principal of a deny assignment that means everyone. */
export const everyone = '00000000-0000-0000-0000-000000000000';

interface CompiledDeny {
  readonly deny: DenyAssignment;
  readonly permissions: CompiledPermissions;
  readonly principals: ReadonlySet<string>;
  readonly excluded: ReadonlySet<string>;
}

/** Every deny assignment, found by scope. */
export class DenyTable {
  readonly #byScope = new Map<string, CompiledDeny[]>();

  /** Adds a deny assignment, in place of one with the same id. */
  put(deny: DenyAssignment): void {
    this.remove(deny);
    const scope = foldId(deny.scope);
    this.#byScope.set(scope, [...(this.#byScope.get(scope) ?? []), compileDeny(deny)]);
  }

  /** Takes a deny assignment away; nothing happens when it is not there. */
  remove(deny: DenyAssignment): void {
    const scope = foldId(deny.scope);
    const left = (this.#byScope.get(scope) ?? []).filter((one) => foldId(one.deny.id) !== foldId(deny.id));
    if (left.length === 0) this.#byScope.delete(scope);
    else this.#byScope.set(scope, left);
  }

  /**
   * The deny assignment that forbids the action to the principal (itself and its groups, folded), if one does. Those of the
   * deployment stack that asks do not.
   */
  find(
    principals: readonly string[],
    foldedAction: string,
    plane: Plane,
    path: ScopePath,
    stackId?: string,
  ): DenyAssignment | undefined {
    if (this.#byScope.size === 0) return undefined;
    for (let step = 0; step < path.ends.length; step += 1) {
      const isTarget = step === path.ends.length - 1;
      const found = this.#byScope
        .get(textAt(path, step).slice(0, path.ends[step]))
        ?.find((one) => !isOf(one, stackId) && forbids(one, principals, foldedAction, plane, isTarget));
      if (found !== undefined) return found.deny;
    }
    return undefined;
  }
}

function compileDeny(deny: DenyAssignment): CompiledDeny {
  return {
    deny,
    permissions: compilePermissions(deny.permissions),
    principals: new Set(deny.principals.map((principal) => principal.toLowerCase())),
    excluded: new Set(deny.excludePrincipals.map((principal) => principal.toLowerCase())),
  };
}

function isOf({ deny }: CompiledDeny, stackId: string | undefined): boolean {
  return stackId !== undefined && deny.stackId !== undefined && sameId(deny.stackId, stackId);
}

function forbids(
  { deny, permissions, principals: named, excluded }: CompiledDeny,
  principals: readonly string[],
  foldedAction: string,
  plane: Plane,
  isTarget: boolean,
): boolean {
  if (deny.doNotApplyToChildScopes && !isTarget) return false;
  if (principals.some((principal) => excluded.has(principal))) return false;
  if (!named.has(everyone) && !principals.some((principal) => named.has(principal))) return false;
  // A condition would narrow what is denied: without one being evaluated, all of it is.
  const verdict = permissions.verdict(foldedAction, plane);
  return verdict === 'allowed' || verdict === 'conditional';
}
