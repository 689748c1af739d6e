import type { KeyCredential } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import type { AssertionClaims } from '../../core/token/assertion-claims.ts';
import {
  refuseCertificateClaims,
  refuseCertificateTimes,
  refuseSignature,
  refuseUnknownCertificate,
} from '../../core/token/certificate-assertion.ts';
import type { ParsedToken } from '../jwt/parse.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import type { Client, ProofPorts, Proved } from './client.ts';
import { isSignedBy, parseAlgorithm, refuseUnnamedKey } from './signature.ts';
import { findTrustedChain } from './subject-name-issuer.ts';

/**
 * Takes an assertion that the client signed with its certificate. The certificate is one that is registered on the application,
 * found by its thumbprint, or, for an application that trusts a subject name of an authority, the one in the header (`x5c`).
 * Refuses `AADSTS5002738` (algorithm), `AADSTS5002723` (no key named), `AADSTS700027` (certificate, signature), `AADSTS700030`
 * (subject name), and `AADSTS700021`, `AADSTS700023`, `AADSTS700024`, `AADSTS50027` (claims).
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function proveByCertificate(
  token: ParsedToken,
  claims: AssertionClaims,
  client: Client,
  { directory, origin }: ProofPorts,
): Proved | Refusal {
  const algorithm = parseAlgorithm(token, ['PS256', 'RS256']);
  if (isRefusal(algorithm)) return algorithm;
  const certificate = findCertificate(token, client);
  if (isRefusal(certificate)) return certificate;
  if (!isSignedBy(token, certificate.publicKey, algorithm)) return refuseSignature(certificate.thumbprint);
  const owner = { tenant: directory.tenant, origin: origin() };
  const refusal = refuseCertificateClaims(claims, { clientId: client.appId, owner, now: client.now });
  if (refusal !== undefined) return refusal;
  return { appidacr: '2', once: { clientId: client.appId, id: claims.id ?? '', expiresOn: claims.expiresOn } };
}

function findCertificate(token: ParsedToken, client: Client): Certificate | Refusal {
  const name = parseName(token);
  const registered = name === undefined ? undefined : findRegistered(name, client.credentials.keyCredentials);
  if (registered !== undefined) {
    const { credential, certificate } = registered;
    return refuseCertificateTimes(credential, certificate.thumbprint, client.now) ?? certificate;
  }
  const { trustedCertificateSubjects = [] } = client.credentials;
  const chain = token.header['x5c'];
  if (Array.isArray(chain) && trustedCertificateSubjects.length > 0) {
    return findTrustedChain(chain, trustedCertificateSubjects, client.now);
  }
  if (name === undefined) return refuseUnnamedKey();
  return refuseUnknownCertificate(client.appId, thumbprintOf(name));
}

/** How a header names its certificate; every name that is there must fit. */
interface CertificateName {
  readonly sha1?: string;
  readonly sha256?: string;
  /** `kid`, which some clients set to the thumbprint in hexadecimal. */
  readonly kid?: string;
}

function parseName({ header }: ParsedToken): CertificateName | undefined {
  const { x5t, kid } = header;
  const sha256 = header['x5t#S256'];
  const name = {
    ...(typeof x5t === 'string' ? { sha1: unpadded(x5t) } : {}),
    ...(typeof sha256 === 'string' ? { sha256: unpadded(sha256) } : {}),
    ...(typeof kid === 'string' ? { kid } : {}),
  };
  return Object.keys(name).length === 0 ? undefined : name;
}

/** MSAL for Python pads its thumbprints, although base64url in a JWS is not padded (RFC 7515 section 2). */
function unpadded(text: string): string {
  return text.replace(/=+$/, '');
}

function findRegistered(
  name: CertificateName,
  credentials: readonly KeyCredential[],
): { readonly credential: KeyCredential; readonly certificate: Certificate } | undefined {
  for (const credential of credentials) {
    const certificate = readCertificate(credential.certificate);
    if (certificate !== undefined && isNamed(certificate, name)) return { credential, certificate };
  }
  return undefined;
}

function isNamed({ sha1, sha256, thumbprint }: Certificate, name: CertificateName): boolean {
  if (name.sha1 === undefined && name.sha256 === undefined) return name.kid?.toUpperCase() === thumbprint;
  return (name.sha1 ?? sha1) === sha1 && (name.sha256 ?? sha256) === sha256;
}

function thumbprintOf({ sha1, sha256, kid }: CertificateName): string | undefined {
  const encoded = sha1 ?? sha256;
  const text = encoded === undefined ? kid : Buffer.from(encoded, 'base64url').toString('hex').toUpperCase();
  return text !== undefined && /^[\dA-F]{40,64}$/i.test(text) ? text : undefined;
}
