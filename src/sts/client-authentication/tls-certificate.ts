import { createHash, X509Certificate } from 'node:crypto';
import { type CredentialBinding, parseBinding } from '../../core/identity/credential-binding.ts';
import type { AttachedIdentity } from '../../core/ports/machines.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { type EpochMillis, type EpochSeconds, toEpochSeconds } from '../../core/time.ts';
import type { Client, MachineCertificatePorts, Proved } from './client.ts';

/**
 * Takes the certificate of the TLS connection for a proof: one that the metadata service issued for this client on a machine that
 * still has it. Refuses in the codes on which clients ask for a new certificate: `AADSTS1000610` (time), `AADSTS1000611` (issuer),
 * `AADSTS1000612` (another client, machine or identity).
 * @see MSAL .NET, docs/msi_v2 "Certificate Revocation Specification"
 */
export function proveByTls(
  certificate: X509Certificate,
  { appId, now }: Client,
  ports: MachineCertificatePorts | undefined,
): Proved | Refusal {
  const binding = ports && isIssued(certificate, ports) ? bindingOf(certificate) : undefined;
  if (ports === undefined || binding === undefined) return refuseIssuer();
  const notAfter = certificate.validToDate.getTime() as EpochMillis;
  if (now < certificate.validFromDate.getTime() || notAfter <= now) return refuseTime(certificate);
  const identity = identityOf(binding, ports);
  if (identity === undefined) return refuseClaim('the machine no longer has the identity that it was issued for');
  if (identity.clientId.toLowerCase() !== appId.toLowerCase()) return refuseClaim('it was issued for another client');
  return {
    appidacr: '2',
    machine: {
      identityResourceId: identity.resourceId,
      ...(identity.kind === 'userAssigned' ? { machineResourceId: binding.machineResourceId } : {}),
      thumbprint: thumbprintOf(certificate),
      notAfter: toEpochSeconds(notAfter) as EpochSeconds,
    },
  };
}

/** `x5t#S256`: base64url SHA-256 of the DER (RFC 8705 section 3.1). */
export function thumbprintOf({ raw }: X509Certificate): string {
  return createHash('sha256').update(raw).digest('base64url');
}

const authorities = new WeakMap<Uint8Array, X509Certificate>();

/** Whether our authority signed it, for clients: it also signs servers and documents. */
function isIssued(certificate: X509Certificate, { authorityCertificate }: MachineCertificatePorts): boolean {
  const authority = authorities.get(authorityCertificate) ?? new X509Certificate(authorityCertificate);
  authorities.set(authorityCertificate, authority);
  const clientOnly = certificate.keyUsage?.join() === '1.3.6.1.5.5.7.3.2';
  return clientOnly && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function bindingOf({ subjectAltName }: X509Certificate): CredentialBinding | undefined {
  return subjectAltName?.startsWith('URI:') ? parseBinding(subjectAltName.slice('URI:'.length)) : undefined;
}

function identityOf(
  { machineResourceId, vmId, principalId }: CredentialBinding,
  { machine }: MachineCertificatePorts,
): AttachedIdentity | undefined {
  const view = machine(machineResourceId);
  return view?.vmId === vmId ? view.identities.find((identity) => identity.principalId === principalId) : undefined;
}

function refuseTime({ validFrom, validTo }: X509Certificate): Refusal {
  return refuse(
    'AADSTS1000610',
    `The client certificate is not within its valid time range: it is valid from ${validFrom} to ${validTo}.`,
  );
}

function refuseIssuer(): Refusal {
  return refuse('AADSTS1000611', 'The client certificate was not issued by the metadata service of a machine here.');
}

function refuseClaim(why: string): Refusal {
  return refuse('AADSTS1000612', `The client certificate does not prove this client: ${why}.`);
}
