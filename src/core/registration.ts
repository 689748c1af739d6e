import { type DocumentKey, documentKey } from './ports/store.ts';

/** Whether a subscription uses a namespace. */
export type RegistrationState = 'Registered' | 'NotRegistered';

/** Where a subscription's choice for a namespace is kept, as `registrationState`; without a document it is registered. */
export function registrationKey(subscriptionId: string, namespace: string): DocumentKey {
  return documentKey(`/registrations/${subscriptionId}/${namespace}`);
}
