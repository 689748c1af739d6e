import type { Store, Write } from '../../core/ports/store.ts';

/** Records a use; answers whether it was the first. When it resolves the record survives the process. */
export type RecordUse = (write: Write) => Promise<boolean>;

interface Waiting {
  readonly write: Write;
  readonly resolve: (first: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Records uses that come in one turn of the event loop in one transaction, which costs little more than one. One
 * that conflicts undoes all; then each is tried alone.
 */
export function openUseRecords(store: Store): RecordUse {
  let waiting: Waiting[] = [];
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    try {
      const together = await store.transact(
        batch.map(({ write }) => write),
        'process',
      );
      if (!('conflict' in together)) for (const { resolve } of batch) resolve(true);
      else for (const { write, resolve } of batch) resolve(!('conflict' in (await store.transact([write], 'process'))));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return (write) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ write, resolve, reject });
    });
}
