import { type Refusal, refuse } from '../refusal.ts';

const suffix = '/.default';

/**
 * The resource that a client_credentials `scope` names: the scope without exactly the ending `/.default`, so that
 * `https://management.azure.com//.default` keeps its slash, on which `az` relies. Refuses `AADSTS70011` for more than one
 * scope and `AADSTS1002012` for one without the ending.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function parseDefaultScope(oauthScope: string): string | Refusal {
  if (/\s/.test(oauthScope)) return refuseSeveral(oauthScope);
  const resource = oauthScope.endsWith(suffix) ? oauthScope.slice(0, -suffix.length) : '';
  return resource === '' ? refuseWithoutDefault(oauthScope) : resource;
}

function refuseSeveral(oauthScope: string): Refusal {
  return refuse(
    'AADSTS70011',
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${oauthScope} is not valid.`,
  );
}

function refuseWithoutDefault(oauthScope: string): Refusal {
  return refuse(
    'AADSTS1002012',
    `The provided value for scope ${oauthScope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  );
}
