import type { JsonObject } from '../core/json.ts';
import type { CheckpointSigner } from '../core/ports/checkpoint-signer.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Store } from '../core/ports/store.ts';
import type { ChainHead } from '../core/sign-ins/chain.ts';
import { type Checkpoint, checkpointIdOf, formatStatement } from '../core/sign-ins/checkpoint.ts';
import { checkpointStream, loadLastCheckpoint } from './streams.ts';

/** What making checkpoints needs. */
export interface CheckpointPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly signer: CheckpointSigner;
}

/** Signs where the chain stands. It waits for the disk, and all records before it with it. */
export async function addCheckpoint(
  { store, clock, signer }: CheckpointPorts,
  kind: Checkpoint['kind'],
  { number, hash }: ChainHead,
): Promise<Checkpoint> {
  const before = await loadLastCheckpoint(store);
  const time = clock.now();
  const checkpoint = (before?.checkpoint ?? 0) + 1;
  const statement = { checkpoint, kind, time, number, hash, authority: signer.authority };
  const signed = { ...statement, signature: signer.sign(formatStatement(statement)) };
  const body = signed as unknown as JsonObject;
  await store.append(checkpointStream, [{ id: checkpointIdOf(checkpoint), time, body }]);
  return signed;
}
