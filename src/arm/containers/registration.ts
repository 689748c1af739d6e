import type { Store } from '../../core/ports/store.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { registrationKey } from '../../core/registration.ts';

/** Whether a subscription may write resources of a namespace. Refuses `MissingSubscriptionRegistration`. */
export async function checkRegistration(
  store: Store,
  subscriptionId: string | undefined,
  namespace: string,
): Promise<Refusal | undefined> {
  if (subscriptionId === undefined || namespace === 'Microsoft.Resources') return undefined;
  const registration = await store.get(registrationKey(subscriptionId, namespace));
  if (registration?.body['registrationState'] !== 'NotRegistered') return undefined;
  return refuse(
    'MissingSubscriptionRegistration',
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
  );
}
