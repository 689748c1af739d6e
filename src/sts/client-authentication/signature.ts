import { constants, type KeyObject, verify } from 'node:crypto';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { ParsedToken } from '../jwt/parse.ts';

/** The signature algorithms of assertions (RFC 7518 section 3.1). */
export type AssertionAlgorithm = 'RS256' | 'PS256';

/** The algorithm that a header names, if it is one of those that are taken. Refuses `AADSTS5002738`. */
export function parseAlgorithm(
  { header }: ParsedToken,
  taken: readonly AssertionAlgorithm[],
): AssertionAlgorithm | Refusal {
  const algorithm = taken.find((name) => name === header['alg']);
  if (algorithm !== undefined) return algorithm;
  const named = typeof header['alg'] === 'string' ? header['alg'].slice(0, 20) : '';
  return refuse(
    'AADSTS5002738',
    `Invalid JWT token. '${named}' is not a supported signature algorithm. Supported signing algorithms are: '${taken.join(',')}'`,
  );
}

/** Whether the signature is the key's. INVARIANT: by an RSA key only, so that a public key is never a shared secret. */
export function isSignedBy({ signed, signature }: ParsedToken, key: KeyObject, algorithm: AssertionAlgorithm): boolean {
  if (key.asymmetricKeyType !== 'rsa') return false;
  if (algorithm === 'RS256') return verify('sha256', Buffer.from(signed), key, signature);
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  return verify('sha256', Buffer.from(signed), { key, padding, saltLength }, signature);
}

/** `AADSTS5002723`, for a header that does not say which key signed. */
export function refuseUnnamedKey(): Refusal {
  return refuse(
    'AADSTS5002723',
    'Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.',
  );
}
