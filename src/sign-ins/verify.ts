import type { CheckpointVerifier } from '../core/ports/checkpoint-signer.ts';
import type { Store } from '../core/ports/store.ts';
import type { ChainHead } from '../core/sign-ins/chain.ts';
import { type Checkpoint, parseCheckpoint } from '../core/sign-ins/checkpoint.ts';
import { type Breach, ChainWalk, judgeUncovered, missing } from '../core/sign-ins/verify-chain.ts';
import { sha256 } from './encoder.ts';
import { checkpointStream, readStream, recordStream } from './streams.ts';

/** What verifying the log came to. */
export interface Verification {
  /** How many records there are, and the last one's number. */
  readonly records: number;
  readonly head: ChainHead;
  readonly checkpoints: number;
  readonly lastCheckpoint?: Checkpoint;
  /** How many records no checkpoint covers yet: their removal from the end would not be seen. */
  readonly uncovered: number;
  readonly breach?: Breach;
}

/** What the log is held against beside itself. */
export interface Witnesses {
  readonly verifier: CheckpointVerifier;
  /** Where the running log knows the chain to stand. */
  readonly head?: ChainHead;
  /** Checkpoints and records that were kept elsewhere: hashes by number. */
  readonly exported?: ReadonlyMap<number, string>;
}

/** Verifies the whole log and names the first thing in it that is not as it was written. */
export async function verifyLog(store: Store, witnesses: Witnesses): Promise<Verification> {
  const signed = await readCheckpoints(store, witnesses);
  const { end } = signed;
  const covered = end?.number ?? 0;
  const walk = new ChainWalk({ ...signed, covered }, sha256);
  const breach =
    (await walkRecords(store, walk)) ??
    missingEnd(walk.head, signed, witnesses) ??
    signed.breach ??
    judgeUncovered(walk, covered);
  return {
    records: walk.records,
    head: walk.head,
    checkpoints: signed.count,
    ...(end === undefined ? {} : { lastCheckpoint: end }),
    uncovered: Math.max(0, walk.head.number - covered),
    ...(breach === undefined ? {} : { breach }),
  };
}

interface SignedState {
  readonly hashes: Map<number, string>;
  readonly forgotten: Set<number>;
  last?: Checkpoint;
  /** The one that reaches furthest. */
  end?: Checkpoint;
  count: number;
  breach?: Breach;
}

/** Reads the checkpoints; one whose signature does not hold says nothing about the chain. */
async function readCheckpoints(store: Store, { verifier, exported = new Map() }: Witnesses): Promise<SignedState> {
  const state: SignedState = { hashes: new Map(exported), forgotten: new Set(), count: 0 };
  try {
    await takeCheckpoints(store, verifier, state);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const next = (state.last?.checkpoint ?? 0) + 1;
    state.breach ??= { kind: 'checkpoint', message: `Checkpoint ${next} cannot be read.` };
  }
  return state;
}

async function takeCheckpoints(store: Store, verifier: CheckpointVerifier, state: SignedState): Promise<void> {
  for await (const { id, body } of readStream(store, checkpointStream)) {
    const checkpoint = parseCheckpoint(body);
    const flaw = flawOf(checkpoint, state.last, verifier);
    if (checkpoint === undefined || flaw !== undefined) {
      state.breach ??= { kind: 'checkpoint', id, message: `Checkpoint ${Number(id)} ${flaw}.` };
      continue;
    }
    if (!state.hashes.has(checkpoint.number)) state.hashes.set(checkpoint.number, checkpoint.hash);
    if (checkpoint.kind === 'retention') state.forgotten.add(checkpoint.number);
    state.last = checkpoint;
    if (state.end === undefined || checkpoint.number >= state.end.number) state.end = checkpoint;
    state.count += 1;
  }
}

function flawOf(
  checkpoint: Checkpoint | undefined,
  last: Checkpoint | undefined,
  verifier: CheckpointVerifier,
): string | undefined {
  if (checkpoint === undefined) return 'cannot be read';
  if (last !== undefined && checkpoint.checkpoint !== last.checkpoint + 1) return 'does not follow the one before it';
  const verdict = verifier(checkpoint);
  if (verdict === 'bad') return 'has a signature that does not hold';
  return verdict === 'unknown' ? 'is signed by an authority that is not trusted here (see --authority)' : undefined;
}

async function walkRecords(store: Store, walk: ChainWalk): Promise<Breach | undefined> {
  try {
    for await (const { body } of readStream(store, recordStream)) {
      const breach = walk.take(body);
      if (breach !== undefined) return breach;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const number = walk.head.number + 1;
    return { kind: 'changed', number, message: `Record ${number} cannot be read.` };
  }
}

/** Records that a checkpoint, the running log or an export knows, and that are not there. */
function missingEnd(head: ChainHead, signed: SignedState, witnesses: Witnesses): Breach | undefined {
  const known = [...(witnesses.exported?.keys() ?? [])].reduce((a, b) => Math.max(a, b), witnesses.head?.number ?? 0);
  const end = Math.max(known, signed.end?.number ?? 0);
  // All of them may have been forgotten as too old.
  if (end <= head.number || (head.number === 0 && signed.forgotten.has(end))) return undefined;
  return missing(head.number + 1, end);
}
