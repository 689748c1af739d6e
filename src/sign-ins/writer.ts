import { documentKey, type Store } from '../core/ports/store.ts';
import { batchIdOf } from '../core/sign-ins/batch.ts';
import type { ChainHead } from '../core/sign-ins/chain.ts';
import type { SignIn } from '../core/sign-ins/sign-in.ts';
import type { EpochMillis } from '../core/time.ts';
import { Encoder } from './encoder.ts';
import { loadHead, recordStream } from './streams.ts';

/** So many records may wait for their batch; one more is refused. */
const maxWaiting = 16_384;

/** What the writer is over. */
export interface WriterPorts {
  readonly store: Store;
  /** Is told of a batch that could not be written. */
  readonly onFailure: (error: unknown) => void;
  /** Is called after each batch with the chain's old and new head. */
  readonly onWritten: (before: ChainHead, head: ChainHead) => void;
}

/** Records of held tokens, for which nobody has to wait, are gathered for so long or until there are so many. */
const gatherMillis = 5;
const gatherRecords = 512;

const settledKey = documentKey('/sign-ins/settled');

interface Batch {
  readonly signIns: SignIn[];
  readonly written: PromiseWithResolvers<void>;
  /** Set while more is gathered. */
  gathering: NodeJS.Timeout | undefined;
}

/**
 * Writes records in batches: a batch begins as soon as the one before it is written, with all that came meanwhile. A batch that
 * fails leaves the chain where it was; its records are refused, so that nothing leaves unrecorded.
 */
export class Writer {
  readonly #ports: WriterPorts;
  readonly #encoder = new Encoder();
  #forming: Batch | undefined;
  #head: ChainHead | undefined;
  #lane: Promise<unknown> = Promise.resolve();
  /** Up to this record all survive a failure of the power. */
  #settled = 0;

  constructor(ports: WriterPorts) {
    this.#ports = ports;
  }

  record(signIn: SignIn): Promise<void> {
    this.#forming ??= this.#begin();
    if (this.#forming.signIns.length >= maxWaiting) {
      return Promise.reject(new Error(`${maxWaiting} sign-ins wait to be written; no more are taken.`));
    }
    const batch = this.#forming;
    batch.signIns.push(signIn);
    if (batch.gathering !== undefined && !isPatient(batch)) {
      clearTimeout(batch.gathering);
      batch.gathering = undefined;
      setImmediate(this.#due);
    }
    return batch.written.promise;
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    return this.inTurn(async () => undefined);
  }

  /** Where the chain stands, once what waits is written. */
  head(): Promise<ChainHead> {
    return this.inTurn(() => this.standing());
  }

  /** Where the chain stands; to be asked in turn. */
  async standing(): Promise<ChainHead> {
    this.#head ??= await loadHead(this.#ports.store);
    return this.#head;
  }

  /** Brings what is written to the disk, by a write that waits for it. */
  settle(): Promise<void> {
    return this.inTurn(async () => {
      const { number } = await this.standing();
      if (number === this.#settled) return;
      await this.#ports.store.transact([{ put: settledKey, body: { number } }], 'machine');
      this.#settled = number;
    });
  }

  /** Writes what waits, then does `work` between two batches. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#lane.then(() => this.#write()).then(work);
    this.#lane = mine.catch(() => undefined);
    return mine;
  }

  #begin(): Batch {
    const written = Promise.withResolvers<void>();
    // Whoever waits for it hears of a failure; that nobody does must not end the process.
    written.promise.catch(() => undefined);
    return { signIns: [], written, gathering: setTimeout(this.#due, gatherMillis) };
  }

  readonly #due = (): void => {
    this.#lane = this.#lane.then(() => this.#write());
  };

  async #write(): Promise<void> {
    const batch = this.#forming;
    if (batch === undefined) return;
    this.#forming = undefined;
    clearTimeout(batch.gathering);
    try {
      await this.#append(batch.signIns);
      batch.written.resolve();
    } catch (error) {
      // Whether the batch reached the file is not known: the next one asks the store.
      this.#head = undefined;
      batch.written.reject(error);
      this.#ports.onFailure(error);
    }
  }

  async #append(signIns: readonly SignIn[]): Promise<void> {
    const { store, onWritten } = this.#ports;
    const before = await this.standing();
    const { body, head } = this.#encoder.encode(signIns, before);
    const time = signIns.reduce((latest, signIn) => Math.max(latest, signIn.time), 0) as EpochMillis;
    // A new token is good for hours wherever it is taken; its record outlives a failure of the power.
    const survives = signIns.some(({ outcome }) => outcome === 'issued') ? 'machine' : 'process';
    await store.append(recordStream, [{ id: batchIdOf(before.number + 1), time, body }], survives);
    this.#head = head;
    if (survives === 'machine') this.#settled = head.number;
    onWritten(before, head);
  }
}

/** Whether more may be gathered: all that the last one of it changes. */
function isPatient({ signIns }: Batch): boolean {
  return signIns.at(-1)?.outcome === 'handedOver' && signIns.length < gatherRecords;
}
