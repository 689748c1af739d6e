import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { type Document, type DocumentKey, documentKey, type Write } from '../../../core/ports/store.ts';
import type { EpochMillis } from '../../../core/time.ts';

/** What a machine's power is meant to be. `starting` is a machine that has not been up yet. */
export type Power = 'starting' | 'running' | 'stopped' | 'deallocated';

/** A machine's power, apart from the resource: it is no part of what ARM answers, and changing it changes no ETag. */
export interface PowerRecord {
  readonly resourceId: string;
  readonly vmId: string;
  readonly power: Power;
  /** When it came to be so. */
  readonly since: EpochMillis;
  /** When it last booted: a restart is seen by it. */
  readonly bootedAt?: EpochMillis;
  /** An image was made of it: it can be started no more. */
  readonly generalized?: boolean;
}

/** Above every machine's power record. */
export const powerRoot = documentKey('/machines');

/** Where a machine's power record is kept: by `vmId`, so that a new machine of the same name has none of the old one's. */
export function powerKey(vmId: string): DocumentKey {
  return documentKey(`/machines/${vmId}`);
}

/** The write that keeps a record. */
export function keepPower(record: PowerRecord): Write {
  return { put: powerKey(record.vmId), body: { ...record } as JsonObject };
}

/** Reads a stored record; a machine without one is stopped. */
export function parsePower(document: Document | undefined, vmId: string, resourceId: string): PowerRecord {
  const body = document?.body;
  if (!isJsonObject(body)) return { resourceId, vmId, power: 'stopped', since: 0 as EpochMillis };
  return body as unknown as PowerRecord;
}
