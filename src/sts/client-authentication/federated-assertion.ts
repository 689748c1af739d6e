import { createPublicKey, type KeyObject } from 'node:crypto';
import type { IssuerKey } from '../../core/ports/issuer-keys.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { rememberObjects } from '../../core/remember.ts';
import { type AssertionClaims, refuseTimes } from '../../core/token/assertion-claims.ts';
import { matchFederatedCredential, refuseOwnToken } from '../../core/token/federated-assertion.ts';
import { isAcceptedIssuer } from '../../core/token/issuers.ts';
import type { ParsedToken } from '../jwt/parse.ts';
import type { Client, ProofPorts, Proved } from './client.ts';
import { isSignedBy, parseAlgorithm, refuseUnnamedKey } from './signature.ts';

/**
 * Takes another issuer's assertion that one of the client's federated credentials names; the issuer may be this tenant itself.
 * INVARIANT: an issuer is asked for its keys only after a federated credential has matched, so that nobody can make Postern ask
 * a host of their choice. Such an assertion may be presented again until it ends: its issuer made it for that.
 * Refuses `AADSTS70021`, `AADSTS700211`, `AADSTS700212`, `AADSTS7002121`, `AADSTS700213` (no match), `AADSTS700024` (times),
 * `AADSTS5002738` (algorithm), `AADSTS5002723`, `AADSTS501661` (key), `AADSTS700027` (signature), `AADSTS700226`, `AADSTS700231`.
 */
export async function proveByFederation(
  token: ParsedToken,
  claims: AssertionClaims,
  { credentials, now }: Client,
  ports: ProofPorts,
): Promise<Proved | Refusal> {
  const { directory, origin } = ports;
  const issuedHere = isAcceptedIssuer(claims.issuer, origin(), directory.tenant.tenantId);
  const matched = matchFederatedCredential({ claims, credentials: credentials.federatedCredentials, issuedHere });
  if (isRefusal(matched)) return matched;
  const outside = refuseTimes(claims, now);
  if (outside !== undefined) return outside;
  const algorithm = parseAlgorithm(token, ['RS256']);
  if (isRefusal(algorithm)) return algorithm;
  const key = await findKey(token, claims.issuer, issuedHere, ports);
  if (isRefusal(key)) return key;
  if (!isSignedBy(token, key, algorithm)) return refuseSignature(claims.issuer);
  const principal = directory.servicePrincipal(claims.subject);
  const unlent = issuedHere ? refuseOwnToken(token.claims, principal, directory.tenant.tenantId) : undefined;
  return unlent ?? { appidacr: '2' };
}

async function findKey(
  { header }: ParsedToken,
  issuer: string,
  issuedHere: boolean,
  { ring, issuerKeys }: ProofPorts,
): Promise<KeyObject | Refusal> {
  const { kid } = header;
  if (typeof kid !== 'string' || kid === '') return refuseUnnamedKey();
  if (issuedHere) return ring.find(kid)?.publicKey ?? refuseUnknownKey(issuer);
  const key = await issuerKeys.find(issuer, kid);
  if (!('fault' in key)) return publicKeyOf(key);
  return key.fault === 'unknownKey' ? refuseUnknownKey(issuer) : refuseIssuer(key.why);
}

const publicKeyOf = rememberObjects(({ modulus, exponent }: IssuerKey) =>
  createPublicKey({ key: { kty: 'RSA', n: modulus, e: exponent }, format: 'jwk' }),
);

function refuseUnknownKey(issuer: string): Refusal {
  return refuse(
    'AADSTS700027',
    `Client assertion failed signature validation. [Reason - The key was not found among those that the issuer '${issuer}' publishes.]`,
  );
}

function refuseSignature(issuer: string): Refusal {
  return refuse(
    'AADSTS700027',
    `Client assertion failed signature validation. [Reason - The key was found, but the signature is not that of the issuer '${issuer}'.]`,
  );
}

function refuseIssuer(why: string): Refusal {
  return refuse('AADSTS501661', `Request to External OIDC endpoint failed. ${why}`);
}
