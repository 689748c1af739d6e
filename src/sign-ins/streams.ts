import type { Store, StoredEvent } from '../core/ports/store.ts';
import { endOf, parseBatch } from '../core/sign-ins/batch.ts';
import { type ChainHead, chainStart } from '../core/sign-ins/chain.ts';
import { type Checkpoint, parseCheckpoint } from '../core/sign-ins/checkpoint.ts';
import { letOthersIn } from './let-others-in.ts';

/** The stream of batches. */
export const recordStream = 'sign-ins';
/** The stream of checkpoints. */
export const checkpointStream = 'sign-ins/checkpoints';

/** Where the chain stands in the store: after its last batch, or after the last that was forgotten. Throws where that cannot be read. */
export async function loadHead(store: Store): Promise<ChainHead> {
  const [last] = await store.scan(recordStream, { before: undefined, limit: 1 });
  if (last === undefined) {
    const checkpoint = await loadLastCheckpoint(store);
    return checkpoint === undefined ? chainStart : { number: checkpoint.number, hash: checkpoint.hash };
  }
  const batch = parseBatch(last.body);
  if (batch === undefined) throw new Error('The end of the sign-in log cannot be read: see `postern log verify`.');
  return endOf(batch);
}

/** The last checkpoint. */
export async function loadLastCheckpoint(store: Store): Promise<Checkpoint | undefined> {
  const [last] = await store.scan(checkpointStream, { before: undefined, limit: 1 });
  return parseCheckpoint(last?.body);
}

/** A stream from an id on, page by page. Throws a `SyntaxError` at an event that is not JSON. */
export async function* readStream(store: Store, stream: string, start = ''): AsyncGenerator<StoredEvent> {
  for (let after = start; ; ) {
    const page = await readPage(store, stream, after);
    yield* page;
    await letOthersIn();
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** A batch may have hundreds of records. */
const batchesAtOnce = 20;

/** Where an event is not even JSON, those before it come one by one. */
async function readPage(store: Store, stream: string, after: string): Promise<readonly StoredEvent[]> {
  try {
    return await store.scan(stream, { after, limit: batchesAtOnce });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return store.scan(stream, { after, limit: 1 });
  }
}
