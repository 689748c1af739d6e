// The newer way to a token: a certificate for a key that never leaves the machine, with which the token service is asked.

import { formatBinding } from '../../core/identity/credential-binding.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { CertificateAuthority } from '../../core/ports/certificate-authority.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { AttachedIdentity, MachineView } from '../../core/ports/machines.ts';
import type { Random } from '../../core/ports/random.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import { mtlsAuthorityHost } from '../../core/token/issuers.ts';
import { json } from '../answer.ts';
import type { Endpoint } from '../endpoint.ts';
import { type CertificateRequest, parseCertificateRequest } from './certificate-request.ts';
import { findIdentity } from './credential-query.ts';

/** What issuing needs. */
export interface CredentialPorts {
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
}

/** Seven days, as the design of MSAL's says. @see MSAL .NET, docs/msi_v2/msi_with_credential_design.md */
const lifetimeMillis = 7 * 86_400_000;
const backdatedMillis = 300_000;

/**
 * The endpoint that issues a certificate for a machine's identity, anew each time (`bypass_cache` changes nothing). Refuses
 * `imdsBodyInvalid` for a body or a request that is not as it must be, for one that names another identity, tenant or machine,
 * and for an attestation, which cannot be verified here; and what `findIdentity` refuses.
 */
export function issueCredential(ports: CredentialPorts): Endpoint {
  return async ({ view, query, readBody }) => {
    const identity = findIdentity(view, query);
    if (isRefusal(identity)) return identity;
    const text = await readBody();
    const request = isRefusal(text) ? text : parseBody(text);
    if (isRefusal(request)) return request;
    const wrong = refuseForeign(request, view, identity, ports.tenantId);
    if (wrong !== undefined) return wrong;
    const certificate = await issue(ports, request, view, identity);
    return json({
      client_id: identity.clientId,
      tenant_id: ports.tenantId,
      certificate: Buffer.from(certificate).toString('base64'),
      identity_type: identity.kind === 'systemAssigned' ? 'SystemAssigned' : 'UserAssigned',
      mtls_authentication_endpoint: `https://${mtlsAuthorityHost}`,
    });
  };
}

function parseBody(text: string): CertificateRequest | Refusal {
  const body = parseJson(text);
  if (!isJsonObject(body)) return refuse('imdsBodyInvalid', 'The body is malformed: it must be a JSON object');
  const { csr, attestation_token: attestation = '' } = body;
  if (typeof csr !== 'string') return refuse('imdsBodyInvalid', "The body is malformed: 'csr' must be a string");
  if (attestation !== '' && attestation !== null) {
    return refuse('imdsBodyInvalid', 'An attestation_token cannot be verified here: ask without one');
  }
  return parseCertificateRequest(csr);
}

function refuseForeign(
  { clientId, tenantId, cuId }: CertificateRequest,
  view: MachineView,
  identity: AttachedIdentity,
  ownTenantId: string,
): Refusal | undefined {
  const machine = parseJson(cuId);
  const vmId = isJsonObject(machine) ? machine['vmId'] : undefined;
  if (!same(clientId, identity.clientId)) return foreign(`CN=${clientId} is not the client id ${identity.clientId}`);
  if (!same(tenantId, ownTenantId)) return foreign(`DC=${tenantId} is not the tenant ${ownTenantId}`);
  return typeof vmId === 'string' && same(vmId, view.vmId)
    ? undefined
    : foreign('its cuId is not that of this machine');
}

function foreign(why: string): Refusal {
  return refuse('imdsBodyInvalid', `The certificate request (csr) is not accepted: ${why}`);
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function issue(
  { authority, clock, random, tenantId }: CredentialPorts,
  request: CertificateRequest,
  view: MachineView,
  identity: AttachedIdentity,
): Promise<Uint8Array> {
  const now = clock.now();
  const { principalId, clientId } = identity;
  return authority.issue({
    subject: [
      ['CN', clientId],
      ['DC', tenantId],
    ],
    serialNumber: random.bytes(16).map((byte, at) => (at === 0 ? (byte & 0x7f) | 0x40 : byte)),
    notBefore: (now - backdatedMillis) as EpochMillis,
    notAfter: (now + lifetimeMillis) as EpochMillis,
    publicKey: request.publicKey,
    clientOnly: true,
    uris: [formatBinding({ principalId, vmId: view.vmId, machineResourceId: view.resourceId })],
  });
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
