import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { type DocumentKey, documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import { type EpochMillis, formatArmTime } from '../../../../core/time.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { formatDuration } from '../deployments/deployment-document.ts';

/** The type of deployment stacks. */
export const stackType = 'Microsoft.Resources/deploymentStacks';

/** The words of `provisioningState` that occur here. @see Microsoft.Resources deploymentStacks swagger 2024-03-01 */
export type StackState =
  | 'initializing'
  | 'deploying'
  | 'updatingDenyAssignments'
  | 'deletingResources'
  | 'deleting'
  | 'succeeded'
  | 'failed';

/** Where a stack is kept; what belongs to it lies below. */
export function stackKey(stackId: string): DocumentKey {
  return documentKey(stackId);
}

/** Where the template is kept that a stack was last deployed with. */
export function templateKey(stackId: string): DocumentKey {
  return documentKey(`${stackId}/template/given`);
}

/** The `properties` of a stored stack. */
export function propertiesOf(body: JsonObject): JsonObject {
  return isJsonObject(body['properties']) ? body['properties'] : {};
}

/** A stack in another state, as of now; what is undefined in `more` goes. */
export function inState(
  body: JsonObject,
  provisioningState: StackState,
  now: EpochMillis,
  more: Readonly<Record<string, JsonObject[string] | undefined>> = {},
): JsonObject {
  const properties = propertiesOf(body);
  const began = Date.parse(String(properties['began'] ?? '')) || now;
  const changed = Object.entries({ ...properties, ...more }).filter(([, value]) => value !== undefined);
  return {
    ...body,
    properties: {
      ...(Object.fromEntries(changed) as JsonObject),
      provisioningState,
      duration: formatDuration(now - began),
    },
  };
}

/** Whether the work on a stack has come to its end. */
export function hasEnded(body: JsonObject): boolean {
  return ['succeeded', 'failed'].includes(String(propertiesOf(body)['provisioningState']));
}

/** Now, as `began` is kept. */
export function formatBegan(now: EpochMillis): string {
  return formatArmTime(now);
}

/** A stored stack as it is shown. */
export function showStack(body: JsonObject): JsonObject {
  const { began: _, ...properties } = propertiesOf(body);
  return { ...body, properties };
}

/** Puts a stack into another state, with other writes or none; one that has gone, with its group, stays gone, and nothing is written. */
export async function enterState(
  context: Pick<ProviderContext, 'store' | 'clock'>,
  stackId: string,
  state: StackState,
  more: Readonly<Record<string, JsonObject[string] | undefined>> = {},
  others: readonly Write[] = [],
): Promise<void> {
  const { store, clock } = context;
  const found = await findStack(store, stackId);
  if (found === undefined) return;
  const body = inState(found.body, state, clock.now(), more);
  const committed = await store.transact([{ put: found.key, body, when: { etag: found.etag } }, ...others]);
  if ('conflict' in committed) await enterState(context, stackId, state, more, others);
}

/** A stored stack. */
export async function findStack(store: Store, stackId: string) {
  return store.get(stackKey(stackId));
}
