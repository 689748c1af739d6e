import { verify } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { TokenRejection, TokenVerifier, VerifiedToken } from '../core/ports/token-verifier.ts';
import { type EpochSeconds, toEpochSeconds } from '../core/time.ts';
import { acceptedIssuers } from '../core/token/issuers.ts';
import { type ParsedToken, parseToken } from './jwt/parse.ts';
import type { KeyRing } from './keys/key-ring.ts';

/** What the verifier judges by. */
export interface VerifierPorts {
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly origin: () => string;
}

/**
 * Verifies this tenant's access tokens, in the order signature, tenant and issuer, times, audience: nothing but the header
 * is looked at before the signature holds. INVARIANT: the algorithm is RS256 whatever the header says (RFC 8725 section 3.1).
 */
export function openTokenVerifier(ports: VerifierPorts): TokenVerifier {
  return {
    verify: async (token, audiences) => {
      const parsed = parseToken(token);
      if (parsed === undefined) return { rejected: 'malformed' };
      return rejectSignature(parsed, ports.ring) ?? readClaims(parsed.claims, audiences, ports);
    },
  };
}

function rejectSignature({ header, signed, signature }: ParsedToken, ring: KeyRing): TokenRejection | undefined {
  if (header['alg'] !== 'RS256') return { rejected: 'algorithm' };
  // An extension that must be understood is none of ours (RFC 7515 section 4.1.11).
  if ('crit' in header) return { rejected: 'malformed' };
  const kid = header['kid'] ?? header['x5t'];
  const key = typeof kid === 'string' ? ring.find(kid) : undefined;
  if (key === undefined) return { rejected: 'unknownKey' };
  return verify('sha256', Buffer.from(signed), key.publicKey, signature) ? undefined : { rejected: 'signature' };
}

function readClaims(
  claims: JsonObject,
  audiences: readonly string[],
  ports: VerifierPorts,
): VerifiedToken | TokenRejection {
  const token = parseClaims(claims);
  if (token === undefined) return { rejected: 'malformed' };
  return (
    rejectIssuer(token, ports) ??
    rejectTimes(token, toEpochSeconds(ports.clock.now())) ??
    rejectAudience(token, audiences) ??
    token
  );
}

function parseClaims(claims: JsonObject): VerifiedToken | undefined {
  const { tid, oid, aud, iss, iat, nbf, exp, roles, xms_mirid, xms_az_rid } = claims;
  const appId = claims['appid'] ?? claims['azp'];
  if (!isText(tid) || !isText(oid) || !isText(appId) || !isText(aud) || !isText(iss)) return undefined;
  if (!isTime(iat) || !isTime(exp) || (nbf !== undefined && !isTime(nbf))) return undefined;
  return {
    tenantId: tid,
    objectId: oid,
    appId,
    audience: aud,
    issuer: iss,
    issuedAt: iat,
    expiresOn: exp,
    ...(isText(xms_mirid) ? { identityResourceId: xms_mirid } : {}),
    ...(isText(xms_az_rid) ? { machineResourceId: xms_az_rid } : {}),
    roles: Array.isArray(roles) ? roles.filter(isText) : [],
    claims,
  };
}

function rejectIssuer(token: VerifiedToken, { tenantId, origin }: VerifierPorts): TokenRejection | undefined {
  const about = { issuer: token.issuer, tokenTenantId: token.tenantId };
  if (token.tenantId !== tenantId) return { rejected: 'tenant', ...about };
  return acceptedIssuers(origin(), tenantId).includes(token.issuer) ? undefined : { rejected: 'issuer', ...about };
}

function rejectTimes(token: VerifiedToken, now: EpochSeconds): TokenRejection | undefined {
  const notBefore = token.claims['nbf'];
  if (now >= token.expiresOn) return { rejected: 'expired', expiresOn: token.expiresOn };
  return isTime(notBefore) && now < notBefore ? { rejected: 'notYetValid', notBefore } : undefined;
}

function rejectAudience({ audience }: VerifiedToken, audiences: readonly string[]): TokenRejection | undefined {
  return audiences.includes(audience) ? undefined : { rejected: 'audience', audience };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): value is EpochSeconds {
  return Number.isSafeInteger(value);
}
