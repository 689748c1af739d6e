import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { type DocumentKey, documentKey } from '../../../../core/ports/store.ts';
import type { Refusal } from '../../../../core/refusal.ts';
import { type EpochMillis, formatArmTime } from '../../../../core/time.ts';

/** The type of deployments. */
export const deploymentType = 'Microsoft.Resources/deployments';

/** The states that a deployment does not leave any more. */
const ends = ['Succeeded', 'Failed', 'Canceled'];

/** Where a deployment is kept; what belongs to it lies below. */
export function deploymentKey(deploymentId: string): DocumentKey {
  return documentKey(deploymentId);
}

/** Where the template is kept that a deployment was made with. */
export function templateKey(deploymentId: string): DocumentKey {
  return documentKey(`${deploymentId}/template/given`);
}

/** Above the operations of a deployment. */
export function operationsRoot(deploymentId: string): DocumentKey {
  return documentKey(`${deploymentId}/operations`);
}

/** The `properties` of a stored deployment. */
export function propertiesOf(body: JsonObject): JsonObject {
  return isJsonObject(body['properties']) ? body['properties'] : {};
}

/** `Accepted`, `Running`, `Succeeded`, `Failed` or `Canceled`. */
export function stateOf(body: JsonObject): string {
  return String(propertiesOf(body)['provisioningState']);
}

/** Whether a deployment has come to its end. */
export function hasEnded(body: JsonObject): boolean {
  return ends.includes(stateOf(body));
}

/** A deployment in another state, as of now; `since` is when it began. */
export function inState(
  body: JsonObject,
  provisioningState: string,
  now: EpochMillis,
  more: JsonObject = {},
): JsonObject {
  const properties = propertiesOf(body);
  const began = Date.parse(String(properties['began'] ?? '')) || now;
  return {
    ...body,
    properties: {
      ...properties,
      provisioningState,
      timestamp: formatArmTime(now),
      duration: formatDuration(now - began),
      ...more,
    },
  };
}

/** `PT12.345S`. */
export function formatDuration(millis: number): string {
  return `PT${Math.max(0, millis) / 1000}S`;
}

/** A stored deployment as it is shown. */
export function showDeployment(body: JsonObject): JsonObject {
  const { began: _, ...properties } = propertiesOf(body);
  return { ...body, properties };
}

/** A refusal as a deployment and its operations show it. */
export function showError({
  refused,
  message,
  target,
  details,
}: Pick<Refusal, 'refused' | 'message' | 'target' | 'details'>): JsonObject {
  return {
    code: refused,
    message,
    ...(target === undefined ? {} : { target }),
    ...(details === undefined ? {} : { details: details as unknown as Json }),
  };
}
