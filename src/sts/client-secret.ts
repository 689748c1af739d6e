import { createHash, timingSafeEqual } from 'node:crypto';
import type { PasswordCredential, ServicePrincipal } from '../core/ports/directory.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { EpochMillis } from '../core/time.ts';

/**
 * Whether a secret is one of the application's: undefined when it is, else the refusal, `AADSTS7000215` (wrong) or
 * `AADSTS7000222` (right, but past its end). INVARIANT: the comparison takes as long for a near miss as for a far one, and
 * the secret is in no message.
 */
export function refuseSecret(principal: ServicePrincipal, secret: string, now: EpochMillis): Refusal | undefined {
  const digest = createHash('sha256').update(secret).digest();
  const matching = principal.passwordCredentials.filter((credential) => matches(credential, digest));
  if (matching.some(({ startMillis, endMillis }) => startMillis <= now && now < endMillis)) return undefined;
  return matching.some(({ endMillis }) => endMillis <= now)
    ? refuseExpired(principal.appId)
    : refuseWrong(principal.appId);
}

function matches({ secretSha256 }: PasswordCredential, digest: Buffer): boolean {
  const expected = Buffer.from(secretSha256, 'base64url');
  return expected.length === digest.length && timingSafeEqual(expected, digest);
}

function refuseWrong(appId: string): Refusal {
  return refuse(
    'AADSTS7000215',
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
  );
}

function refuseExpired(appId: string): Refusal {
  return refuse(
    'AADSTS7000222',
    `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  );
}
