import type { JsonObject } from '../../core/json.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { publicAuthorityHost, publicAuthorityHosts } from '../../core/token/issuers.ts';

/** An instance discovery request's query parameters. */
export interface InstanceQuestion {
  readonly apiVersion: string | undefined;
  readonly authorizationEndpoint: string | undefined;
}

/**
 * Tells a client whether an authority's host is known, and where its discovery document lies: on our own origin's host and the
 * public cloud's names. Refuses `AADSTS50049` for other hosts, `AADSTS900144` and `AADSTS90100` for malformed requests.
 * @see https://learn.microsoft.com/entra/msal/dotnet/advanced/instance-discovery-guide; MSAL Python's `authority.py`
 */
export function discoverInstance(question: InstanceQuestion, origin: string): JsonObject | Refusal {
  const version = question.apiVersion ?? '1.0';
  if (version !== '1.0' && version !== '1.1') {
    return refuse('AADSTS90100', `api-version parameter is empty or not valid: '${version}'; it must be 1.0 or 1.1.`);
  }
  if (question.authorizationEndpoint === undefined) {
    return refuse('AADSTS900144', "The request body must contain the following parameter: 'authorization_endpoint'.");
  }
  const endpoint = URL.parse(question.authorizationEndpoint);
  const known = endpoint?.protocol === 'https:' && isKnown(endpoint.host, origin);
  if (endpoint === null || !known) return refuse('AADSTS50049', 'Unknown or invalid instance.');
  return {
    tenant_discovery_endpoint: discoveryEndpoint(endpoint),
    'api-version': version,
    metadata: [formatOwn(new URL(origin).host), publicCloud],
  };
}

function isKnown(host: string, origin: string): boolean {
  return host === new URL(origin).host || publicAuthorityHosts.includes(host);
}

/** `/{tenant}/oauth2/v2.0/authorize` names the version 2 document, `/{tenant}/oauth2/authorize` the version 1 one. */
function discoveryEndpoint(endpoint: URL): string {
  const authority = endpoint.pathname.replace(/\/oauth2\/.*$/, '').replace(/\/$/, '');
  const version = endpoint.pathname.includes('/oauth2/v2.0/') ? '/v2.0' : '';
  return `${endpoint.origin}${authority}${version}/.well-known/openid-configuration`;
}

const publicCloud: JsonObject = {
  preferred_network: publicAuthorityHost,
  preferred_cache: 'login.windows.net',
  aliases: publicAuthorityHosts,
};

function formatOwn(host: string): JsonObject {
  return { preferred_network: host, preferred_cache: host, aliases: [host] };
}
