// Management locks at the door: what they forbid is refused after the group is known and before the provider is asked.
// The locks themselves are documents that Microsoft.Authorization writes.

import type { JsonObject } from '../../core/json.ts';
import { isLockKey, lockType, parseLock } from '../../core/locks/lock.ts';
import { LockTable } from '../../core/locks/lock-table.ts';
import { type Change, documentKey, type Store } from '../../core/ports/store.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Passage } from '../passage.ts';

/** The locks in memory, the same as the stored ones. */
export interface Locks {
  /** Whether they let a request that is no read through. Refuses `ScopeLocked`. */
  check(passage: Passage): Promise<Refusal | undefined>;
}

/** Follows the store's locks; they are read when the first write asks. */
export function locksOver(store: Store): Locks {
  let table: Promise<LockTable> | undefined;
  return {
    check: async ({ arrival, match, place }) => {
      if (match.route.operation.despiteLocks === true) return undefined;
      table ??= readLocks(store);
      return (await table).decide(arrival.method === 'DELETE' ? 'delete' : 'write', place.resourceId);
    },
  };
}

/** Changes made while the locks are read are applied after them, in order: each is harmless when already seen. */
async function readLocks(store: Store): Promise<LockTable> {
  const table = new LockTable();
  const waiting: Change[] = [];
  let take = (changes: readonly Change[]): void => void waiting.push(...changes);
  store.watch((changes) => take(changes));
  const stored = await store.list(documentKey('/subscriptions'), { type: lockType });
  for (const { body } of stored) replace(table, undefined, body);
  take = (changes) => {
    for (const { key, before, after } of changes) if (isLockKey(key)) replace(table, before?.body, after?.body);
  };
  take(waiting);
  return table;
}

function replace(table: LockTable, before: JsonObject | undefined, after: JsonObject | undefined): void {
  const old = before && parseLock(before);
  const now = after && parseLock(after);
  if (old !== undefined) table.remove(old);
  if (now !== undefined) table.put(now);
}
