import type { Json } from '../../core/json.ts';
import type { TrustedCertificateSubject } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import { type Certificate, readCertificate } from './certificate.ts';

/** The longest chain that is followed, the authority not counted. */
const maxChain = 5;

/**
 * The certificate of a header's chain (`x5c`, the signing one first), for an application that trusts a subject name of an
 * authority ("subject name and issuer"): a renewed certificate of the same name need not be registered. The chain must lead to
 * one of the authority's certificates, each certificate within its times. Extended key usages, name constraints and revocation
 * lists are not read; what is revoked is listed beside the subject name. Refuses `AADSTS700030` for another name and
 * `AADSTS700027` for a chain that does not hold.
 */
export function findTrustedChain(
  encoded: readonly Json[],
  trusted: readonly TrustedCertificateSubject[],
  now: EpochMillis,
): Certificate | Refusal {
  const chain = readChain(encoded);
  if (isRefusal(chain)) return chain;
  const [leaf] = chain;
  if (leaf === undefined) return refuseChain('it is empty');
  const named = trusted.filter(({ subjectName }) => namesOf(leaf).some((name) => isSame(name, subjectName)));
  if (named.length === 0) return refuseSubject(namesOf(leaf));
  if (named.some(({ revokedCertificateIdentifiers }) => isRevoked(leaf, revokedCertificateIdentifiers))) {
    return refuseChain(`the certificate '${leaf.thumbprint}' is revoked`);
  }
  return named.some(({ authorities }) => leadsTo(chain, authorities, now))
    ? leaf
    : refuseChain('it does not lead to an authority that the application trusts, with every certificate in its times');
}

function readChain(encoded: readonly Json[]): readonly Certificate[] | Refusal {
  if (encoded.length > maxChain) return refuseChain(`it has more than ${maxChain} certificates`);
  const chain: Certificate[] = [];
  for (const der of encoded) {
    const certificate = typeof der === 'string' ? readCertificate(der) : undefined;
    if (certificate === undefined) return refuseChain('one of its certificates cannot be read');
    chain.push(certificate);
  }
  return chain;
}

/** Whether each certificate is issued by the next and the last one by an authority. */
function leadsTo(chain: readonly Certificate[], authorities: readonly string[], now: EpochMillis): boolean {
  if (!chain.every((certificate) => isValidAt(certificate, now))) return false;
  const roots = authorities.map(readCertificate).filter((root) => root !== undefined && isValidAt(root, now));
  return chain.some((certificate, at) => {
    const links = chain.slice(0, at).every((lower, below) => isIssuedBy(lower, chain[below + 1]));
    return links && roots.some((root) => isIssuedBy(certificate, root));
  });
}

function isIssuedBy({ x509 }: Certificate, issuer: Certificate | undefined): boolean {
  return issuer?.x509.ca === true && x509.checkIssued(issuer.x509) && x509.verify(issuer.publicKey);
}

function isValidAt({ x509 }: Certificate, now: EpochMillis): boolean {
  return x509.validFromDate.getTime() <= now && now < x509.validToDate.getTime();
}

/** The whole subject (`CN=a,O=b`), its common name, and the DNS names. */
function namesOf({ x509 }: Certificate): readonly string[] {
  const parts = x509.subject?.split('\n') ?? [];
  const common = parts.filter((part) => part.startsWith('CN=')).map((part) => part.slice(3));
  const dns = x509.subjectAltName?.split(', ').filter((name) => name.startsWith('DNS:')) ?? [];
  return [
    ...new Set([...common, ...dns.map((name) => name.slice(4)), parts.toReversed().join(', '), parts.join(', ')]),
  ];
}

function isRevoked({ thumbprint, x509 }: Certificate, identifiers: readonly string[]): boolean {
  return identifiers.some((identifier) => isSame(identifier, thumbprint) || isSame(identifier, x509.serialNumber));
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function refuseSubject(names: readonly string[]): Refusal {
  return refuse(
    'AADSTS700030',
    `Invalid certificate - subject name in certificate is not authorized. SubjectNames/SubjectAlternativeNames (up to 10) in token certificate are: ${names.slice(0, 10).join(', ')}.`,
  );
}

function refuseChain(why: string): Refusal {
  return refuse(
    'AADSTS700027',
    `Client assertion contains an invalid signature. [Reason - The certificate chain in 'x5c' is not trusted: ${why}.]`,
  );
}
