import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { RecordedSignIn } from '../ports/sign-in-log.ts';
import type { EpochMillis } from '../time.ts';
import type { ChainHead } from './chain.ts';
import { recordIdOf } from './record-id.ts';
import type { SignIn } from './sign-in.ts';

/** A record in a batch: time, uti, client request id, which circumstances, hash. */
export type BatchRecord = readonly [number, string | null, string | null, number, string];

/** Records that were written together, as they are stored: circumstances that several share stand there once. */
export interface Batch {
  /** The hash of the record before the first one. */
  readonly previous: string;
  /** The first record's number. */
  readonly first: number;
  readonly circumstances: readonly JsonObject[];
  readonly records: readonly BatchRecord[];
}

/** The id under which a batch is stored: its first record's number, so that ids sort as the chain goes. */
export function batchIdOf(first: number): string {
  return String(first).padStart(15, '0');
}

/** Reads a stored batch; undefined for what is none. */
export function parseBatch(body: JsonObject): Batch | undefined {
  const { previous, first, circumstances, records } = body;
  if (typeof previous !== 'string' || !Number.isSafeInteger(first)) return undefined;
  if (!Array.isArray(circumstances) || !circumstances.every(isJsonObject)) return undefined;
  if (!Array.isArray(records) || records.length === 0) return undefined;
  const whole = records.every((record) => isBatchRecord(record, circumstances.length));
  return whole ? (body as unknown as Batch) : undefined;
}

function isBatchRecord(record: Json, circumstances: number): boolean {
  if (!Array.isArray(record) || record.length !== 5) return false;
  const [time, uti, clientRequestId, at, hash] = record as readonly Json[];
  return (
    Number.isSafeInteger(time) &&
    [uti, clientRequestId].every((value) => value === null || typeof value === 'string') &&
    Number.isSafeInteger(at) &&
    Number(at) >= 0 &&
    Number(at) < circumstances &&
    typeof hash === 'string'
  );
}

/** Where the chain stands after a batch. */
export function endOf({ first, records }: Batch): ChainHead {
  return { number: first + records.length - 1, hash: records.at(-1)?.[4] ?? '' };
}

/** A batch's records, in their order. */
export function signInsOf(batch: Batch): readonly RecordedSignIn[] {
  return batch.records.map(([time, uti, clientRequestId, at, hash], index) => ({
    ...(batch.circumstances[at] as unknown as Omit<SignIn, 'time'>),
    id: recordIdOf(hash),
    time: time as EpochMillis,
    ...(uti === null ? {} : { uti }),
    ...(clientRequestId === null ? {} : { clientRequestId }),
    number: batch.first + index,
    hash,
  }));
}
