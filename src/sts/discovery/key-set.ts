import type { JsonObject } from '../../core/json.ts';
import type { TokenVersion } from '../../core/token/audiences.ts';
import { formatIssuer } from '../../core/token/issuers.ts';
import type { AskedAuthority } from '../asked-authority.ts';
import type { SigningKey } from '../keys/signing-key.ts';

/**
 * The public keys (RFC 7517), as Entra publishes them: no `alg`, `x5t` equal to `kid`, and in the version 2 set each key with
 * the issuer whose tokens it signs.
 */
export function formatKeySet(
  keys: readonly SigningKey[],
  asked: AskedAuthority,
  version: TokenVersion,
  tenantId: string,
): JsonObject {
  const issuer = formatIssuer(asked.authority, asked.shared === undefined ? tenantId : '{tenantid}', 2);
  return { keys: keys.map((key) => ({ ...formatKey(key), ...(version === 2 ? { issuer } : {}) })) };
}

function formatKey(key: SigningKey): JsonObject {
  return {
    kty: 'RSA',
    use: 'sig',
    kid: key.kid,
    x5t: key.kid,
    n: key.modulus,
    e: key.exponent,
    x5c: [key.certificate],
  };
}
