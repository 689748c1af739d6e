import { sign } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { TokenVersion } from '../../core/token/audiences.ts';
import type { SigningKey } from '../keys/signing-key.ts';

/**
 * A JWT (RFC 7519) signed with RS256. It runs off the main thread, on all processors: Node's asynchronous `sign` with a
 * prepared key. The header names the key by `kid` and, for a version 1 token, by `x5t` as well.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference, "Header claims"
 */
export function signToken(claims: JsonObject, key: SigningKey, version: TokenVersion): Promise<string> {
  const signed = `${headerOf(key, version)}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(signed), key.privateKey, (error, signature) => {
      if (error === null) resolve(`${signed}.${signature.toString('base64url')}`);
      else reject(error);
    });
  });
}

const headers = new WeakMap<SigningKey, Map<TokenVersion, string>>();

/** The encoded header: the same for every token of a key and version, so encoded once. */
function headerOf(key: SigningKey, version: TokenVersion): string {
  const encoded = headers.get(key) ?? new Map<TokenVersion, string>();
  headers.set(key, encoded);
  const known = encoded.get(version);
  if (known !== undefined) return known;
  const thumbprint = version === 1 ? { x5t: key.kid } : {};
  const header = Buffer.from(JSON.stringify({ typ: 'JWT', alg: 'RS256', ...thumbprint, kid: key.kid })).toString(
    'base64url',
  );
  encoded.set(version, header);
  return header;
}
