import { type Document, type DocumentKey, documentKey, type Store } from '../../../core/ports/store.ts';
import { formatGroupId, formatSubscriptionId } from '../../../core/resource-id.ts';

const slashesOfGroup = 4;
const groupType = 'microsoft.resources/subscriptions/resourcegroups';

/** The documents of a subscription's groups, in the order of their names. */
export async function groupDocuments(store: Store, subscriptionId: string): Promise<readonly Document[]> {
  return store.list(documentKey(formatSubscriptionId(subscriptionId)), { type: groupType });
}

/** The resources that generic lists show: those that live in a region, of a subscription or one of its groups. */
export async function trackedResources(
  store: Store,
  subscriptionId: string,
  resourceGroupName: string | undefined,
): Promise<readonly Document[]> {
  const above: DocumentKey = documentKey(
    resourceGroupName === undefined
      ? `${formatSubscriptionId(subscriptionId)}/resourceGroups`
      : formatGroupId(subscriptionId, resourceGroupName),
  );
  return (await store.list(above)).filter(isTracked);
}

function isTracked({ key, body }: Document): boolean {
  return key.split('/').length - 1 > slashesOfGroup && typeof body['location'] === 'string' && 'type' in body;
}
