import { createHash, timingSafeEqual } from 'node:crypto';
import type { PasswordCredential } from '../../core/ports/directory.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Client, Proved } from './client.ts';

/**
 * Takes a secret for a proof. Refuses `AADSTS7000215` (wrong) and `AADSTS7000222` (right, but past its end). INVARIANT: the
 * comparison takes as long for a near miss as for a far one, and the secret is in no message.
 */
export function proveBySecret({ appId, credentials, now }: Client, secret: string): Proved | Refusal {
  const digest = createHash('sha256').update(secret).digest();
  const matching = credentials.passwordCredentials.filter((credential) => matches(credential, digest));
  if (matching.some(({ startMillis, endMillis }) => startMillis <= now && now < endMillis)) return { appidacr: '1' };
  return matching.some(({ endMillis }) => endMillis <= now) ? refuseExpired(appId) : refuseWrong(appId);
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
