import type { JsonObject } from '../../../core/json.ts';
import { subscriptionEntryKey } from '../../../core/management/management-group.ts';
import { documentKey, type Store } from '../../../core/ports/store.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';

/** Makes the tenant's first subscription on first start; does nothing where it exists. */
export async function seedSubscription(
  store: Store,
  subscription: { readonly subscriptionId: string; readonly tenantId: string; readonly displayName?: string },
): Promise<void> {
  const { subscriptionId, tenantId, displayName = 'Postern' } = subscription;
  await store.transact([
    {
      put: documentKey(formatSubscriptionId(subscriptionId)),
      body: formatSubscription(subscriptionId, tenantId, displayName),
      when: { absent: true },
    },
    { put: subscriptionEntryKey(subscriptionId), body: { subscriptionId } },
  ]);
}

/** @see Microsoft.Resources subscriptions swagger 2022-12-01, Subscription */
function formatSubscription(subscriptionId: string, tenantId: string, displayName: string): JsonObject {
  return {
    id: formatSubscriptionId(subscriptionId),
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId,
    tenantId,
    displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}
