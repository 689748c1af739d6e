import type { Directory, ServicePrincipal } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { AskedAuthority } from '../asked-authority.ts';
import { authenticateClient } from '../client-authentication/authenticate-client.ts';
import type { MachineProof, Proved } from '../client-authentication/client.ts';
import type { TokenRequest } from '../token-request.ts';
import type { Grant, GrantPorts } from './grant.ts';

/**
 * The client credentials grant (RFC 6749 section 4.4): an application, or a managed identity by federation, asks for a token for
 * itself. Refuses `AADSTS9001023`, `AADSTS50059` (no tenant in the path), `AADSTS700016` (no such client), what
 * `authenticateClient` refuses, `AADSTS7000112` (disabled), `AADSTS50013` (an assertion that has been used), `AADSTS500011` (the
 * resource).
 */
export const clientCredentials: Grant = async (request, asked, ports) => {
  const authenticated = refuseShared(asked) ?? (await authenticate(request, ports));
  if (isRefusal(authenticated)) return authenticated;
  const { principal, proved } = authenticated;
  if (proved.machine !== undefined) return issueToMachine(request, principal, proved.machine, ports);
  const issue = () =>
    ports.minter.issueApplicationToken({
      principal,
      resource: request.resource,
      authority: asked.authority,
      appidacr: proved.appidacr,
    });
  return proved.once === undefined ? issue() : ports.uses.issueOnce(proved.once, request.resource, issue);
};

/** A machine's identity gets the token that its metadata service would give it, bound to the certificate when it asks for that. */
function issueToMachine(
  { resource, tokenType }: TokenRequest,
  principal: ServicePrincipal,
  { thumbprint, ...machine }: MachineProof,
  { minter }: GrantPorts,
) {
  const confirmation = tokenType === 'mtls_pop' ? { confirmation: thumbprint } : {};
  return minter.issueManagedIdentityToken({ principal, resource, ...machine, ...confirmation });
}

function refuseShared({ shared }: AskedAuthority): Refusal | undefined {
  if (shared === undefined) return undefined;
  if (shared === 'organizations') {
    return refuse(
      'AADSTS50059',
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    );
  }
  return refuse(
    'AADSTS9001023',
    'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
  );
}

interface Authenticated {
  readonly principal: ServicePrincipal;
  readonly proved: Proved;
}

async function authenticate({ clientId, proof }: TokenRequest, ports: GrantPorts): Promise<Authenticated | Refusal> {
  const { directory, clock } = ports;
  const principal = directory.servicePrincipalByAppId(clientId);
  if (principal === undefined) return refuseUnknown(clientId, directory);
  const { appId } = principal;
  const client = { appId, credentials: directory.credentialsOf(appId), now: clock.now() };
  const proved = await authenticateClient(proof, client, ports);
  if (isRefusal(proved)) return proved;
  return refuseDisabled(principal) ?? { principal, proved };
}

function refuseDisabled({ accountEnabled, appId, displayName }: ServicePrincipal): Refusal | undefined {
  return accountEnabled ? undefined : refuse('AADSTS7000112', `Application '${appId}'(${displayName}) is disabled.`);
}

function refuseUnknown(clientId: string, { tenant }: Directory): Refusal {
  return refuse(
    'AADSTS700016',
    `Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  );
}
