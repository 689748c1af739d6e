import { createHash } from 'node:crypto';
import type { PasswordCredential } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { EpochMillis } from '../core/time.ts';

/** Characters of the secret that Graph shows as its `hint`. */
const hintLength = 3;

/** Bytes drawn: what the hint does not show is still more than 256 bits. */
const secretBytes = 36;

/** Entra's portal offers two years at most. */
const secretYears = 2;

/**
 * A new client secret in the look of Entra's (`abc8Q~…`), and what the directory keeps of it: its SHA-256, from which a secret
 * of this many random bits cannot be found.
 */
export function makeSecret(
  now: EpochMillis,
  random: Random,
): { readonly secret: string; readonly credential: PasswordCredential } {
  const drawn = Buffer.from(random.bytes(secretBytes)).toString('base64').replaceAll('+', '_').replaceAll('/', '.');
  const hint = drawn.slice(0, hintLength);
  const secret = `${hint}8Q~${drawn.slice(hintLength)}`;
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + secretYears);
  const credential: PasswordCredential = {
    keyId: random.uuid(),
    displayName: 'postern',
    hint,
    secretSha256: createHash('sha256').update(secret).digest('base64url'),
    startMillis: now,
    endMillis: end.getTime() as EpochMillis,
  };
  return { secret, credential };
}
