import type { Change, DocumentKey, Store } from '../core/ports/store.ts';

/**
 * Applies what the store has below a root, then every change of it. What changes while the store is read is applied after
 * it, in order: applying a change twice must do no harm.
 */
export async function follow(store: Store, root: DocumentKey, apply: (change: Change) => void): Promise<void> {
  const below = `${root}/`;
  const waiting: Change[] = [];
  let take = (change: Change): void => void waiting.push(change);
  store.watch((changes) => {
    for (const change of changes) if (change.key.startsWith(below)) take(change);
  });
  for (const after of await store.list(root)) apply({ key: after.key, before: undefined, after });
  waiting.forEach(apply);
  take = apply;
}
