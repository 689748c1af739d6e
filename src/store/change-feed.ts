import type { Change } from '../core/ports/store.ts';

/** Called with each committed transaction's changes. */
export type ChangeListener = (changes: readonly Change[], revision: number) => void;

/** Tells listeners of committed transactions, one transaction after the other. */
export interface ChangeFeed {
  listen(listener: ChangeListener): () => void;
  publish(changes: readonly Change[], revision: number): void;
}

/**
 * A feed within this process. INVARIANT: every listener hears of the transactions in the order in which they were committed,
 * also where a listener itself writes: what it commits waits until everyone has heard of what went before. Every listener is
 * called even where one throws (a bug); the first error then goes to the publisher.
 */
export function openChangeFeed(): ChangeFeed {
  const listeners = new Set<ChangeListener>();
  const waiting: { readonly changes: readonly Change[]; readonly revision: number }[] = [];
  let publishing = false;

  const drain = (): void => {
    const errors: unknown[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      for (const listener of [...listeners]) {
        try {
          listener(next.changes, next.revision);
        } catch (error) {
          errors.push(error);
        }
      }
    }
    if (errors.length > 0) throw errors[0];
  };

  return {
    listen(listener) {
      const own: ChangeListener = (changes, revision) => listener(changes, revision);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    publish(changes, revision) {
      waiting.push({ changes, revision });
      if (publishing) return;
      publishing = true;
      try {
        drain();
      } finally {
        publishing = false;
      }
    },
  };
}
