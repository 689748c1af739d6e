import { isJsonObject, type Json } from '../json.ts';
import type { IssuerKey } from '../ports/issuer-keys.ts';

/** The most keys that are read of a key set. */
const maxKeys = 100;

/** base64url of at least 2048 bits, and of at most 8192. */
const modulusPattern = /^[\w-]{342,1366}$/;

/** The key set's address in an issuer's discovery document; undefined unless the document is that issuer's, to the letter. */
export function parseDiscovery(document: Json | undefined, issuer: string): string | undefined {
  if (!isJsonObject(document) || document['issuer'] !== issuer) return undefined;
  const address = document['jwks_uri'];
  return typeof address === 'string' && address !== '' ? address : undefined;
}

/**
 * The RSA signing keys of a key set (RFC 7517 section 5), by `kid`; what is none is passed over, as section 5 demands. Undefined
 * when it is no key set.
 */
export function parseKeySet(document: Json | undefined): ReadonlyMap<string, IssuerKey> | undefined {
  const keys = isJsonObject(document) ? document['keys'] : undefined;
  if (!Array.isArray(keys)) return undefined;
  return new Map(
    keys
      .slice(0, maxKeys)
      .flatMap((key) => parseKey(key))
      .map((key) => [key.kid, key] as const),
  );
}

function parseKey(key: Json): readonly IssuerKey[] {
  if (!isJsonObject(key)) return [];
  const { kty, kid, n, e, use, alg } = key;
  if (kty !== 'RSA' || (use !== undefined && use !== 'sig') || (alg !== undefined && alg !== 'RS256')) return [];
  if (typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string') return [];
  return modulusPattern.test(n) && /^[\w-]{2,11}$/.test(e) ? [{ kid, modulus: n, exponent: e }] : [];
}

/** Where an issuer's discovery document is (OpenID Connect Discovery 1.0 section 4). */
export function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}
