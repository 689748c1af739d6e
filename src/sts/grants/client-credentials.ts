import type { Directory, ServicePrincipal } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { AskedAuthority } from '../asked-authority.ts';
import { refuseSecret } from '../client-secret.ts';
import type { TokenRequest } from '../token-request.ts';
import type { Grant, GrantPorts } from './grant.ts';

/**
 * The client credentials grant (RFC 6749 section 4.4) with a secret: an application asks for a token for itself. Refuses
 * `AADSTS9001023`, `AADSTS50059` (no tenant in the path), `AADSTS700016` (no such application), `AADSTS7000216` (no
 * credential), `AADSTS7000215`, `AADSTS7000222` (the secret), `AADSTS7000112` (disabled), `AADSTS500011` (the resource).
 */
export const clientCredentials: Grant = async (request, asked, ports) => {
  const principal = refuseShared(asked) ?? authenticate(request, ports);
  if (isRefusal(principal)) return principal;
  return ports.minter.issueApplicationToken({ principal, resource: request.resource, authority: asked.authority });
};

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

function authenticate(request: TokenRequest, { directory, clock }: GrantPorts): ServicePrincipal | Refusal {
  const principal = directory.servicePrincipalByAppId(request.clientId);
  if (principal === undefined) return refuseUnknown(request.clientId, directory);
  const refusal = refuseCredential(request, principal, clock.now()) ?? refuseDisabled(principal);
  return refusal ?? principal;
}

function refuseCredential(
  { clientSecret, hasAssertion }: TokenRequest,
  principal: ServicePrincipal,
  now: ReturnType<GrantPorts['clock']['now']>,
): Refusal | undefined {
  if (clientSecret !== undefined) return refuseSecret(principal, clientSecret, now);
  if (hasAssertion) {
    return refuse(
      'AADSTS700027',
      'Client assertion contains an invalid signature. [Reason - The key was not found.] No certificate is registered on the application.',
    );
  }
  return refuse(
    'AADSTS7000216',
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  );
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
