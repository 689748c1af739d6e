// What must exist around a resource before its provider is asked: its subscription, its group, its namespace's registration.
// They are documents that Microsoft.Resources writes and this folder only reads.

import { documentKey, type Store } from '../../core/ports/store.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { rememberTexts } from '../../core/remember.ts';
import { formatSubscriptionId } from '../../core/resource-id.ts';
import type { Passage } from '../passage.ts';

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

/**
 * Whether the subscription takes what is no read: one that was cancelled takes deletions and what enables it again. Refuses
 * `ReadOnlyDisabledSubscription`.
 */
export async function checkEnabled(store: Store, { arrival, match, place }: Passage): Promise<Refusal | undefined> {
  const { subscriptionId } = place;
  if (subscriptionId === undefined || arrival.method === 'DELETE') return undefined;
  const subscription = await store.get(documentKey(formatSubscriptionId(subscriptionId)));
  const isDisabled = ['Warned', 'Disabled'].includes(String(subscription?.body['state']));
  if (!isDisabled || match.route.operation.whileDisabled === true) return undefined;
  return refuse(
    'ReadOnlyDisabledSubscription',
    `The subscription '${subscriptionId}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`,
  );
}
