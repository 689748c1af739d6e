// The sign-in log: each hand-over, denial and failure at a machine's identity, in one hash chain with signed checkpoints, kept for
// 90 days in the store. What a record says and how the chain is made is decided in `core/sign-ins`.

import type { RecordedSignIn, SignInReader, SignInRecorder } from '../core/ports/sign-in-log.ts';
import { endOf, parseBatch } from '../core/sign-ins/batch.ts';
import type { ChainHead } from '../core/sign-ins/chain.ts';
import { signInRetentionMillis } from '../core/sign-ins/retention.ts';
import type { EpochMillis } from '../core/time.ts';
import { addCheckpoint, type CheckpointPorts } from './checkpoints.ts';
import { readAfter, readPage } from './read.ts';
import { checkpointStream, loadLastCheckpoint, recordStream } from './streams.ts';
import { type Verification, verifyLog, type Witnesses } from './verify.ts';
import { Writer } from './writer.ts';

/** The sign-in log with what only its owner may do. */
export interface SignInLog extends SignInRecorder, SignInReader {
  /** The records after a number, oldest first: some, or none at the end. */
  readAfter(number: number): Promise<readonly RecordedSignIn[]>;
  /** Where the chain stands. */
  head(): Promise<ChainHead>;
  /** Brings to the disk what is written: what others are told of is there after a failure of the power too. */
  settle(): Promise<void>;
  /** Calls `listener` after each batch. Returns how to stop. */
  watch(listener: () => void): () => void;
  /** Verifies the whole log, against what is known here of its end too. */
  verify(witnesses: Omit<Witnesses, 'head'>): Promise<Verification>;
  /** Signs where the chain stands, where it has grown since the last checkpoint. */
  checkpoint(kind?: 'periodic' | 'stop'): Promise<void>;
  /** Forgets records that are older than 90 days; answers how many. */
  retain(): Promise<number>;
  /** Writes what waits, and the last checkpoint. */
  close(): Promise<void>;
}

/** What the log is opened over. */
export interface SignInLogPorts extends CheckpointPorts {
  /** Is told of what could not be written. */
  readonly onFailure?: (error: unknown) => void;
  /** A checkpoint is made after so many records, or so long after the first one that has none. */
  readonly checkpointRecords?: number;
  readonly checkpointMillis?: number;
}

const batchesAtOnce = 20;

/** Opens the sign-in log over a store. */
export function openSignInLog(ports: SignInLogPorts): SignInLog {
  const { store, onFailure = () => undefined, checkpointRecords = 8192, checkpointMillis = 60_000 } = ports;
  const listeners = new Set<() => void>();
  let covered: number | undefined;
  let due: NodeJS.Timeout | undefined;

  const writer = new Writer({
    store,
    onFailure,
    onWritten(before, head) {
      if (covered === undefined) {
        covered = before.number;
        coverEarlier(covered).catch(onFailure);
      }
      if (head.number - covered >= checkpointRecords) periodic();
      else due ??= setTimeout(periodic, checkpointMillis).unref();
      for (const listener of listeners) listener();
    },
  });
  const periodic = (): void => {
    checkpoint('periodic').catch(onFailure);
  };
  /** What a process wrote that was ended before its checkpoint is covered with the first record after it. */
  const coverEarlier = async (number: number): Promise<void> => {
    const last = await loadLastCheckpoint(store);
    if ((last?.number ?? 0) < number) await checkpoint('periodic');
  };
  const checkpoint = async (kind: 'periodic' | 'stop'): Promise<void> => {
    clearTimeout(due);
    due = undefined;
    await writer.inTurn(async () => {
      const head = await writer.standing();
      if (covered === undefined || head.number <= covered) return;
      await addCheckpoint(ports, kind, head);
      covered = head.number;
    });
  };

  return {
    record: (signIn) => writer.record(signIn),
    async query(query) {
      await writer.flush();
      return readPage(store, query);
    },
    readAfter: (number) => readAfter(store, number, batchesAtOnce),
    head: () => writer.head(),
    settle: () => writer.settle(),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    verify: async (witnesses) => verifyLog(store, { ...witnesses, head: await writer.head() }),
    checkpoint: (kind = 'periodic') => checkpoint(kind),
    retain: () => writer.inTurn(() => retain(ports)),
    close: () => checkpoint('stop'),
  };
}

/** A signed checkpoint says up to where records were forgotten, before they are. */
async function retain(ports: CheckpointPorts): Promise<number> {
  const { store, clock } = ports;
  const before = (clock.now() - signInRetentionMillis - 1) as EpochMillis;
  const [newest] = await store.query(recordStream, { from: 0 as EpochMillis, to: before, limit: 1 });
  const batch = newest === undefined ? undefined : parseBatch(newest.body);
  if (newest === undefined || batch === undefined) return 0;
  const end = endOf(batch);
  const [oldest] = await store.scan(recordStream, { after: '', limit: 1 });
  await addCheckpoint(ports, 'retention', end);
  await store.forgetThrough(recordStream, newest.id);
  await store.forget(checkpointStream, before);
  return end.number - Number(oldest?.id ?? end.number + 1) + 1;
}
