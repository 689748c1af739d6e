// What must exist around a resource before its provider is asked: its subscription, its group, its namespace's registration.
// They are documents that Microsoft.Resources writes and this folder only reads.

import { documentKey, type Store } from '../../core/ports/store.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { rememberTexts } from '../../core/remember.ts';
import { formatSubscriptionId } from '../../core/resource-id.ts';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The subscription that a path begins with, if any. */
export function subscriptionOf(segments: readonly string[]): string | undefined {
  return segments[0]?.toLowerCase() === 'subscriptions' ? segments[1] : undefined;
}

/** Whether the path's subscription exists. Refuses `InvalidSubscriptionId` and `SubscriptionNotFound`. */
export async function checkSubscription(store: Store, subscriptionId: string): Promise<Refusal | undefined> {
  const key = keyOf(subscriptionId);
  if (key === undefined) {
    return refuse(
      'InvalidSubscriptionId',
      `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`,
    );
  }
  const found = await store.get(key);
  if (found !== undefined) return undefined;
  return refuse('SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
}

/** The store's key; undefined for what is no GUID. */
const keyOf = rememberTexts(
  (subscriptionId) => (guid.test(subscriptionId) ? documentKey(formatSubscriptionId(subscriptionId)) : undefined),
  { limit: 256, maxLength: 36 },
);
