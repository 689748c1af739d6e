import type { JsonObject } from './json.ts';
import { type DocumentKey, documentKey } from './ports/store.ts';
import type { EpochMillis } from './time.ts';

/** What is kept of whether a subscription uses a namespace. */
export type RegistrationState = 'Registered' | 'NotRegistered';

/** How long a change is shown as going on, as in Azure, where it is: our own choice. */
const changeMillis = 1000;

/** Where a subscription's choice for a namespace is kept, as `registrationState`; without a document it is registered. */
export function registrationKey(subscriptionId: string, namespace: string): DocumentKey {
  return documentKey(`/registrations/${subscriptionId}/${namespace}`);
}

/** The document of a choice that is made now; `before` is what it was. */
export function changeRegistration(
  state: RegistrationState,
  before: JsonObject | undefined,
  now: EpochMillis,
): JsonObject {
  const was = before?.['registrationState'] ?? 'Registered';
  return was === state && before !== undefined
    ? before
    : { registrationState: state, settledAt: was === state ? now : now + changeMillis };
}

/** The state as ARM shows it: a change is under way for a moment. `az provider unregister --wait` waits for `Unregistered`. */
export function showRegistration(
  kept: JsonObject | undefined,
  now: EpochMillis,
): 'Registered' | 'Registering' | 'Unregistered' | 'Unregistering' {
  const isRegistered = (kept?.['registrationState'] ?? 'Registered') === 'Registered';
  const settledAt = kept?.['settledAt'];
  if (typeof settledAt !== 'number' || now >= settledAt) return isRegistered ? 'Registered' : 'Unregistered';
  return isRegistered ? 'Registering' : 'Unregistering';
}
