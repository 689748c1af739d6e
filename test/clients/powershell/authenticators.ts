// How an account gets its tokens. Within one process MSAL keeps a token for each resource.

import { randomUUID } from 'node:crypto';
import { checkReads } from './check-reads.ts';
import { managedIdentityToken } from './reads.ts';
import { send, Unaccepted } from './send.ts';
import type { Authenticate, Environment } from './session.ts';

/** What ConnectAzureRmAccount.cs calls an account without -AccountId; its authenticator then names no identity. */
export const systemAccount = 'MSI@50342';

/** -Identity: any -AccountId that is not of the system account's form goes out as `client_id`. */
export function managedIdentity(accountId: string): Authenticate {
  const selector = /MSI@\d+/.test(accountId) ? {} : { client_id: accountId };
  return remember(async (resource) => {
    const query = new URLSearchParams({ 'api-version': '2018-02-01', resource, ...selector });
    const url = `http://169.254.169.254/metadata/identity/oauth2/token?${query}`;
    const headers = { Metadata: 'true', 'x-ms-client-request-id': randomUUID() };
    const { body } = await send({ method: 'GET', url, accepts: [200], headers }).catch(asAuthenticationFailure);
    return checkReads<{ access_token: string }>(body, managedIdentityToken).access_token;
  });
}

/** -ServicePrincipal, as far as the other cmdlets need it: a token by secret at the tenant's version 2 endpoint. */
export function servicePrincipal(origin: string, tenant: string, clientId: string, clientSecret: string): Authenticate {
  return remember(async (resource) => {
    const scope = `${resource}/.default`;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
    const response = await fetch(`${origin}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`The token service answered ${response.status}.`);
    return token;
  });
}

/** The token that Microsoft Graph's client sends. */
export function graphResource({ name, microsoftGraphResourceId }: Environment): string {
  if (microsoftGraphResourceId === undefined) throw new Error(`The environment ${name} has no Microsoft Graph.`);
  return microsoftGraphResourceId;
}

function remember(authenticate: Authenticate): Authenticate {
  const tokens = new Map<string, Promise<string>>();
  return (resource) => {
    const token = tokens.get(resource) ?? authenticate(resource);
    tokens.set(resource, token);
    return token;
  };
}

function asAuthenticationFailure(error: unknown): never {
  if (!(error instanceof Unaccepted)) throw error;
  const { error_description: reason, error: code } = error.answer.body as {
    error?: string;
    error_description?: string;
  };
  throw new Error(`ManagedIdentityCredential authentication failed: ${code}: ${reason}`);
}
