import type { EpochSeconds } from '../time.ts';

/** When a token was issued, from when it is valid and until when, as its claims say. */
export interface TokenTimes {
  readonly issuedAt: EpochSeconds;
  readonly notBefore: EpochSeconds;
  readonly expiresOn: EpochSeconds;
}

/** Seconds by which `iat` and `nbf` lie before the issuing: room for clocks that go wrong. Observed of Entra. */
export const backdatedSeconds = 300;

/** A managed identity's token is valid for 24 hours. @see managed-identities-faq, "caching" */
export const managedIdentityLifetimeSeconds = 86_400;

/** An application's token is valid for an hour: the low end of Entra's 60-90 minutes, answered as `expires_in` 3599. */
export const applicationLifetimeSeconds = 3600;

/** The times of a token issued `now`. */
export function tokenTimes(now: EpochSeconds, lifetimeSeconds: number): TokenTimes {
  const issuedAt = (now - backdatedSeconds) as EpochSeconds;
  return { issuedAt, notBefore: issuedAt, expiresOn: (now + lifetimeSeconds) as EpochSeconds };
}
