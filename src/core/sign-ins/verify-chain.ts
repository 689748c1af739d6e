import type { JsonObject } from '../json.ts';
import type { EpochMillis } from '../time.ts';
import { type Batch, parseBatch } from './batch.ts';
import { type ChainHead, chainStart, type Digest, digestCircumstances, link } from './chain.ts';
import { recordIdOf } from './record-id.ts';

/** The first thing in the log that is not as it was written. */
export interface Breach {
  /** `missing`, also at the end; `changed` in what it says or in its place; `rewritten` since a checkpoint was signed. */
  readonly kind: 'missing' | 'changed' | 'rewritten' | 'checkpoint';
  /** The first record that is concerned. */
  readonly number?: number;
  readonly id?: string;
  readonly message: string;
}

/** What checkpoints say of the chain: hashes by record number. */
export interface Anchors {
  readonly hashes: ReadonlyMap<number, string>;
  /** Up to where records were forgotten as too old. */
  readonly forgotten: ReadonlySet<number>;
  /** The record up to which the last checkpoint reaches. */
  readonly covered: number;
}

/** Walks the chain from its beginning, batch by batch, and says where it breaks. */
export class ChainWalk {
  readonly #anchors: Anchors;
  readonly #digest: Digest;
  #head: ChainHead | undefined;
  #records = 0;
  #firstUncovered: EpochMillis | undefined;
  #last: EpochMillis | undefined;

  constructor(anchors: Anchors, digest: Digest) {
    this.#anchors = anchors;
    this.#digest = digest;
  }

  get head(): ChainHead {
    return this.#head ?? chainStart;
  }

  /** How many records were walked over. */
  get records(): number {
    return this.#records;
  }

  /** How much later than the first record that no checkpoint covers the last one is. */
  get uncoveredMillis(): number {
    return this.#firstUncovered === undefined ? 0 : (this.#last ?? 0) - this.#firstUncovered;
  }

  /** Takes the next stored batch. */
  take(body: JsonObject): Breach | undefined {
    const batch = parseBatch(body);
    if (batch === undefined) return changed(this.head.number + 1, undefined, 'is in a batch that cannot be read');
    this.#head ??= this.#start(batch);
    const { number } = this.head;
    if (batch.first > number + 1) return missing(number + 1, batch.first - 1);
    if (batch.first < number + 1) return changed(batch.first, undefined, 'stands where it does not belong');
    if (batch.previous !== this.head.hash)
      return changed(number + 1, batch.records[0]?.[4], 'does not follow the one before it');
    return this.#walk(batch);
  }

  /** The chain may begin after what was forgotten, where a signed checkpoint says so. */
  #start({ first, previous }: Batch): ChainHead {
    const number = first - 1;
    const stands = this.#anchors.forgotten.has(number) && this.#anchors.hashes.get(number) === previous;
    return stands ? { number, hash: previous } : chainStart;
  }

  #walk({ circumstances, records }: Batch): Breach | undefined {
    const digests = circumstances.map((one) => digestCircumstances(one, this.#digest));
    for (const [time, uti, clientRequestId, at, hash] of records) {
      const own = { time, uti: uti ?? undefined, clientRequestId: clientRequestId ?? undefined };
      const next = link(this.head, own as never, digests[at] ?? '', this.#digest);
      if (next.hash !== hash) return changed(next.number, hash, 'does not have the hash that it was written with');
      const anchored = this.#anchors.hashes.get(next.number);
      if (anchored !== undefined && anchored !== hash) return rewritten(next.number, hash);
      this.#head = next;
      this.#records += 1;
      this.#last = time as EpochMillis;
      if (next.number > this.#anchors.covered) this.#firstUncovered ??= this.#last;
    }
    return undefined;
  }
}

/** Records that no checkpoint covers although one is made each minute and every 8,192 records; the machine may have slept. */
const longestUncoveredMillis = 600_000;
const mostUncovered = 32_768;

/** Says of records at the end that a checkpoint over them must have been there, where there are too many or they are too old. */
export function judgeUncovered(walk: ChainWalk, covered: number): Breach | undefined {
  const { number } = walk.head;
  if (walk.uncoveredMillis <= longestUncoveredMillis && number - covered <= mostUncovered) return undefined;
  const message = `No checkpoint covers the records ${covered + 1} to ${number}, though one is made each minute: it was taken away, and whether they are as they were written cannot be said.`;
  return { kind: 'checkpoint', number: covered + 1, message };
}

/** What is missing between two numbers, both inclusive. */
export function missing(first: number, last: number): Breach {
  const message = first === last ? `Record ${first} is missing.` : `Records ${first} to ${last} are missing.`;
  return { kind: 'missing', number: first, message };
}

function changed(number: number, hash: string | undefined, what: string): Breach {
  const id = hash === undefined ? undefined : recordIdOf(hash);
  const name = id === undefined ? `Record ${number}` : `Record ${number} (${id})`;
  return { kind: 'changed', number, ...(id === undefined ? {} : { id }), message: `${name} ${what}.` };
}

function rewritten(number: number, hash: string): Breach {
  const id = recordIdOf(hash);
  const message = `Record ${number} (${id}) is not the one that a checkpoint was signed over: it, or records before it since the checkpoint before, were rewritten.`;
  return { kind: 'rewritten', number, id, message };
}
