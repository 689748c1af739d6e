import type { Json, JsonObject } from '../../core/json.ts';
import { type DocumentKey, documentKey } from '../../core/ports/store.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import type { SharedFacts } from '../record/record.ts';

/** A long-running operation as it is kept: enough to take it up again after a restart and to answer those who poll it. */
export interface AsyncOperation {
  readonly id: string;
  readonly tenantId: string;
  readonly subscriptionId?: string;
  readonly namespace: string;
  readonly location: string;
  readonly apiVersion: string;
  readonly work: string;
  readonly input: JsonObject;
  readonly correlationId: string;
  readonly status: 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
  readonly startMillis: EpochMillis;
  readonly endMillis?: EpochMillis;
  /** What the Location URL answers at the end when there is no result. */
  readonly finalStatus: 200 | 204;
  readonly result?: Json;
  readonly failure?: Pick<Refusal, 'refused' | 'message' | 'target' | 'details'>;
  /** What its end is recorded with; undefined when it is not recorded. Without the request's body. */
  readonly facts?: SharedFacts;
}

/** Above every operation's document. */
export const operationsRoot = documentKey('/operations');

/** Where an operation is kept. */
export function operationKey(id: string): DocumentKey {
  return documentKey(`/operations/${id}`);
}

/** An operation as the store keeps it. */
export function formatOperation(operation: AsyncOperation): JsonObject {
  return operation as unknown as JsonObject;
}

/** An operation out of the store, where only `formatOperation` has written. */
export function parseOperation(body: JsonObject): AsyncOperation {
  return body as unknown as AsyncOperation;
}
