import type { JsonObject } from '../../core/json.ts';
import type { TokenVersion } from '../../core/token/audiences.ts';
import { formatIssuer } from '../../core/token/issuers.ts';
import type { AskedAuthority } from '../asked-authority.ts';

/**
 * The OpenID discovery document of an authority, on the host that was asked. A document for no tenant in particular has an
 * issuer with the literal `{tenantid}`. Every endpoint of Entra's document is listed, as clients require some that an
 * app-only service does not serve (`authorization_endpoint`: MSAL Python's `authority.py`).
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export function formatOpenidConfiguration(asked: AskedAuthority, version: TokenVersion, tenantId: string): JsonObject {
  const base = `${asked.origin}${asked.path}`;
  const oauth = `${base}/oauth2${version === 2 ? '/v2.0' : ''}`;
  return {
    token_endpoint: `${oauth}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri:
      version === 2
        ? `${base}/discovery/v2.0/keys`
        : `${asked.origin}/${asked.adfs ? 'adfs' : 'common'}/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: version === 2 ? ['openid', 'profile', 'email', 'offline_access'] : ['openid'],
    issuer: formatIssuer(asked.authority, asked.shared === undefined ? tenantId : '{tenantid}', version),
    ...(version === 1 ? { microsoft_multi_refresh_token: true } : {}),
    request_uri_parameter_supported: false,
    authorization_endpoint: `${oauth}/authorize`,
    device_authorization_endpoint: `${oauth}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${oauth}/logout`,
    claims_supported: claims,
    tenant_region_scope: asked.shared === undefined ? 'NA' : null,
    ...cloud(asked),
  };
}

const claims = [
  ...['sub', 'iss', 'cloud_instance_name', 'cloud_instance_host_name', 'cloud_graph_host_name', 'msgraph_host', 'aud'],
  ...[
    'exp',
    'iat',
    'auth_time',
    'acr',
    'nonce',
    'preferred_username',
    'name',
    'tid',
    'ver',
    'at_hash',
    'c_hash',
    'email',
  ],
];

function cloud({ authority }: AskedAuthority): JsonObject {
  if (authority.kind === 'own') {
    const { host } = new URL(authority.origin);
    return { cloud_instance_name: host, cloud_graph_host_name: host, msgraph_host: host };
  }
  return {
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  };
}
