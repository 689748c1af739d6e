import type { JsonObject } from './json.ts';
import { subscriptionEntryKey } from './management/management-group.ts';
import { documentKey, type Write } from './ports/store.ts';
import { formatSubscriptionId } from './resource-id.ts';
import type { Tags } from './tags.ts';

/** What a subscription is made from. */
export interface NewSubscription {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly displayName: string;
  /** The name of the management group that it lies in; default the root. */
  readonly managementGroup?: string;
  readonly tags?: Tags;
  /** Default `Production`. */
  readonly workload?: 'Production' | 'DevTest';
}

const quotas = { Production: 'PayAsYouGo_2014-09-01', DevTest: 'MSDNDevTest_2014-09-01' } as const;

/** The writes that make a subscription; they conflict where it exists. */
export function planSubscription(subscription: NewSubscription): readonly Write[] {
  const { subscriptionId, managementGroup } = subscription;
  const place = managementGroup === undefined ? {} : { managementGroup };
  return [
    {
      put: documentKey(formatSubscriptionId(subscriptionId)),
      body: formatSubscription(subscription),
      when: { absent: true },
    },
    { put: subscriptionEntryKey(subscriptionId), body: { subscriptionId, ...place } },
  ];
}

/** @see Microsoft.Resources subscriptions swagger 2022-12-01, Subscription */
function formatSubscription(subscription: NewSubscription): JsonObject {
  const { subscriptionId, tenantId, displayName, tags, workload = 'Production' } = subscription;
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
      quotaId: quotas[workload],
      spendingLimit: 'Off',
    },
    ...(tags === undefined ? {} : { tags }),
  };
}
