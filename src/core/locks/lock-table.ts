import { type Refusal, refuse } from '../refusal.ts';
import { foldId } from '../resource-id.ts';
import type { Lock } from './lock.ts';

/** What a request does to its target, as far as locks go: actions (POST) are writes. */
export type LockedOperation = 'write' | 'delete';

/** Every lock, found by scope. */
export class LockTable {
  readonly #byScope = new Map<string, Lock[]>();

  /** Adds a lock, in place of one with the same id. */
  put(lock: Lock): void {
    this.remove(lock);
    const scope = foldId(lock.scope);
    this.#byScope.set(scope, [...(this.#byScope.get(scope) ?? []), lock]);
  }

  /** Takes a lock away; nothing happens when it is not there. */
  remove(lock: Lock): void {
    const scope = foldId(lock.scope);
    const left = (this.#byScope.get(scope) ?? []).filter((one) => foldId(one.id) !== foldId(lock.id));
    if (left.length === 0) this.#byScope.delete(scope);
    else this.#byScope.set(scope, left);
  }

  /**
   * Whether the locks let an operation happen at a target. A read-only lock at the target or above forbids every write and
   * deletion; one against deletion forbids deletions; and what has something locked below cannot be deleted with it.
   * Refuses `ScopeLocked` in ARM's words, naming every scope that is locked.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
   */
  decide(operation: LockedOperation, target: string): Refusal | undefined {
    if (this.#byScope.size === 0) return undefined;
    const folded = foldId(target);
    const locks = [...this.#above(folded), ...(operation === 'delete' ? this.#below(folded) : [])];
    const forbids = locks.filter(({ level }) => operation === 'delete' || level === 'ReadOnly');
    return forbids.length === 0 ? undefined : refuseLocked(operation, target, forbids);
  }

  /** The locks at the target and at what it lies in. */
  *#above(folded: string): Generator<Lock> {
    for (let end = folded.length; end > 0; end = folded.lastIndexOf('/', end - 1)) {
      yield* this.#byScope.get(folded.slice(0, end)) ?? [];
    }
  }

  *#below(folded: string): Generator<Lock> {
    for (const [scope, locks] of this.#byScope) if (scope.startsWith(`${folded}/`)) yield* locks;
  }
}

/** ARM's 409 for what a lock forbids. */
export function refuseLocked(operation: LockedOperation, target: string, locks: readonly Lock[]): Refusal {
  const scopes = [...new Set(locks.map(({ scope }) => scope))].join(',');
  return refuse(
    'ScopeLocked',
    `The scope '${target}' cannot perform ${operation} operation because following scope(s) are locked: '${scopes}'. Please remove the lock and try again.`,
  );
}
