import { verify } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ShownCertificate, TokenRejection, TokenVerifier, VerifiedToken } from '../core/ports/token-verifier.ts';
import { type EpochSeconds, toEpochSeconds } from '../core/time.ts';
import { parseActor } from '../core/token/actor.ts';
import { isAcceptedIssuer } from '../core/token/issuers.ts';
import { type ParsedToken, parseToken } from './jwt/parse.ts';
import type { KeyRing } from './keys/key-ring.ts';
import type { SigningKey } from './keys/signing-key.ts';
import { VerifiedTokens } from './verified-tokens.ts';

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
  const { ring } = ports;
  const known = new VerifiedTokens();
  const find = (kid: string) => ring.find(kid);
  return {
    verify: async (text, audiences, shown) => {
      const token = known.get(text, find) ?? verifySignature(text, ring, known);
      return 'rejected' in token ? token : (reject(token, audiences, ports) ?? rejectUnbound(token, shown) ?? token);
    },
  };
}

function verifySignature(text: string, ring: KeyRing, known: VerifiedTokens): VerifiedToken | TokenRejection {
  const parsed = parseToken(text);
  if (parsed === undefined) return { rejected: 'malformed' };
  const key = findKey(parsed, ring);
  if ('rejected' in key) return key;
  if (!verify('sha256', Buffer.from(parsed.signed), key.publicKey, parsed.signature)) return { rejected: 'signature' };
  const token = parseClaims(parsed.claims);
  if (token === undefined) return { rejected: 'malformed' };
  known.set(text, { key, token });
  return token;
}

function findKey({ header }: ParsedToken, ring: KeyRing): SigningKey | TokenRejection {
  if (header['alg'] !== 'RS256') return { rejected: 'algorithm' };
  // An extension that must be understood is none of ours (RFC 7515 section 4.1.11).
  if ('crit' in header) return { rejected: 'malformed' };
  const kid = header['kid'] ?? header['x5t'];
  return (typeof kid === 'string' ? ring.find(kid) : undefined) ?? { rejected: 'unknownKey' };
}

function reject(token: VerifiedToken, audiences: readonly string[], ports: VerifierPorts): TokenRejection | undefined {
  return (
    rejectIssuer(token, ports) ??
    rejectTimes(token, toEpochSeconds(ports.clock.now())) ??
    rejectAudience(token, audiences)
  );
}

function parseClaims(claims: JsonObject): VerifiedToken | undefined {
  const { tid, oid, aud, iss, iat, nbf, exp, roles, xms_mirid, xms_az_rid } = claims;
  const appId = claims['appid'] ?? claims['azp'];
  if (!isText(tid) || !isText(oid) || !isText(appId) || !isText(aud) || !isText(iss)) return undefined;
  if (!isTime(iat) || !isTime(exp) || (nbf !== undefined && !isTime(nbf))) return undefined;
  const actor = parseActor(claims['act']);
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
    ...parseConfirmation(claims),
    ...(actor === undefined ? {} : { actor }),
    roles: Array.isArray(roles) ? roles.filter(isText) : [],
    claims,
  };
}

function rejectIssuer(token: VerifiedToken, { tenantId, origin }: VerifierPorts): TokenRejection | undefined {
  const { issuer, tenantId: tokenTenantId } = token;
  if (tokenTenantId !== tenantId) return { rejected: 'tenant', issuer, tokenTenantId };
  return isAcceptedIssuer(issuer, origin(), tenantId) ? undefined : { rejected: 'issuer', issuer, tokenTenantId };
}

function rejectTimes(token: VerifiedToken, now: EpochSeconds): TokenRejection | undefined {
  const notBefore = token.claims['nbf'];
  if (now >= token.expiresOn) return { rejected: 'expired', expiresOn: token.expiresOn };
  return isTime(notBefore) && now < notBefore ? { rejected: 'notYetValid', notBefore } : undefined;
}

function rejectAudience({ audience }: VerifiedToken, audiences: readonly string[]): TokenRejection | undefined {
  return audiences.includes(audience) ? undefined : { rejected: 'audience', audience };
}

function rejectUnbound(
  { confirmation }: VerifiedToken,
  shown: ShownCertificate | undefined,
): TokenRejection | undefined {
  return confirmation === undefined || confirmation === shown?.() ? undefined : { rejected: 'unbound' };
}

/**
 * The certificate that a token is bound to. A claim `cnf` that names none names one that nobody has: what cannot be confirmed
 * is not accepted.
 */
function parseConfirmation({ cnf }: JsonObject): { readonly confirmation?: string } {
  if (cnf === undefined) return {};
  const thumbprint = isJsonObject(cnf) ? cnf['x5t#S256'] : undefined;
  return { confirmation: isText(thumbprint) ? thumbprint : '' };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): value is EpochSeconds {
  return Number.isSafeInteger(value);
}
