import { isJsonObject } from '../../../core/json.ts';
import { type Document, documentKey, type Store } from '../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { formatSubscriptionId, parseResourceId } from '../../../core/resource-id.ts';

const lockType = 'microsoft.authorization/locks';

/**
 * Whether read-only locks forbid a move: at the target group or its subscription, or at or below a resource that moves. Those
 * of the source group and above have been judged with the request. Refuses `ScopeLocked`.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/move-resource-group-and-subscription
 */
export async function judgeMoveLocks(
  store: Store,
  resourceIds: readonly string[],
  targetGroupId: string,
): Promise<Refusal | undefined> {
  const subscriptionId = parseResourceId(targetGroupId)?.subscriptionId ?? '';
  for (const scope of [formatSubscriptionId(subscriptionId), targetGroupId]) {
    const own = documentKey(`${scope}/providers/${lockType}`);
    const locked = (await store.list(own)).find(isReadOnly);
    if (locked !== undefined) return scopeLocked(targetGroupId, scope);
  }
  for (const id of resourceIds) {
    const locked = (await store.list(documentKey(id), { type: lockType })).find(isReadOnly);
    if (locked !== undefined) return scopeLocked(id, parseResourceId(String(locked.body['id']))?.provider?.scope ?? id);
  }
  return undefined;
}

function isReadOnly({ body }: Document): boolean {
  return isJsonObject(body['properties']) && body['properties']['level'] === 'ReadOnly';
}

function scopeLocked(scope: string, lockedScope: string): Refusal {
  return refuse(
    'ScopeLocked',
    `The scope '${scope}' cannot perform write operation because following scope(s) are locked: '${lockedScope}'. Please remove the lock and try again.`,
  );
}
