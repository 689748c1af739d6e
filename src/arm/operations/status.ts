import { isJsonObject, type Json } from '../../core/json.ts';
import type { Refusal } from '../../core/refusal.ts';
import { formatArmTime } from '../../core/time.ts';
import { formatError } from '../respond/envelope.ts';
import { type Reply, replyOf } from '../respond/respond.ts';
import type { AsyncOperation } from './operation.ts';

/** Seconds until the next poll. One: azure-core takes 0 for absent and then waits 30. */
export const retryAfterSeconds = '1';

/** The two URLs by which an operation is polled. */
export interface PollUrls {
  readonly asyncOperation: string;
  readonly location: string;
}

/** The absolute URLs of an operation, on the origin by which the caller reached us. */
export function pollUrls(operation: AsyncOperation, origin: string): PollUrls {
  const { id, subscriptionId, namespace, location, apiVersion } = operation;
  const base = subscriptionId === undefined ? origin : `${origin}/subscriptions/${subscriptionId}`;
  const query = `?api-version=${apiVersion}`;
  return {
    asyncOperation: `${base}/providers/${namespace}/locations/${encodeURIComponent(location)}/operations/${id}${query}`,
    location: `${base}/operationresults/${id}${query}`,
  };
}

/** The headers that tell a client where to poll. `Location` goes with 202 alone. */
export function pollHeaders(operation: AsyncOperation, origin: string, status: number): Record<string, string> {
  const urls = pollUrls(operation, origin);
  return {
    'Azure-AsyncOperation': urls.asyncOperation,
    ...(status === 202 ? { Location: urls.location } : {}),
    'Retry-After': retryAfterSeconds,
  };
}

/**
 * What the Azure-AsyncOperation URL answers: always 200, `properties` only on success, `error` only on failure.
 * @see azure-resource-manager-rpc v1.0, async-api-reference.md, "Azure-AsyncOperation Resource format"
 */
export function statusReply(operation: AsyncOperation, id: string): Reply {
  const { status, startMillis, endMillis, result, failure } = operation;
  return {
    status: 200,
    body: {
      id,
      name: operation.id,
      status,
      startTime: formatArmTime(startMillis),
      ...(endMillis === undefined ? {} : { endTime: formatArmTime(endMillis), percentComplete: 100 }),
      ...(status === 'Succeeded' && result !== undefined ? { properties: propertiesOf(result) } : {}),
      ...(failure === undefined ? {} : { error: formatError(failure as Refusal) }),
    },
    ...(status === 'Running' ? { headers: { 'Retry-After': retryAfterSeconds } } : {}),
  };
}

/** Of a work that came to a resource its properties: the resource itself is at its own URL, and at Location. */
function propertiesOf(result: Json): Json {
  const isResource = isJsonObject(result) && typeof result['id'] === 'string' && isJsonObject(result['properties']);
  return isResource ? (result['properties'] ?? null) : result;
}

/** What the Location URL answers: 202 and itself until the end, then what a synchronous request would have been answered. */
export function resultReply(operation: AsyncOperation, origin: string): Reply {
  if (operation.status === 'Running') {
    const { location } = pollUrls(operation, origin);
    return { status: 202, headers: { Location: location, 'Retry-After': retryAfterSeconds } };
  }
  if (operation.failure !== undefined) return replyOf(operation.failure as Refusal);
  if (operation.result !== undefined) return { status: 200, body: operation.result };
  return { status: operation.finalStatus };
}
