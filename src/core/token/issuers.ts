import type { TokenVersion } from './audiences.ts';

/** Entra's public authority host, under which machines (and every managed identity's token) know the token service. */
export const publicAuthorityHost = 'login.microsoftonline.com';

/**
 * The names under which the public cloud's token service is reached; they mean the same authority.
 * @see https://learn.microsoft.com/entra/msal/dotnet/advanced/instance-discovery-guide, "aliases"
 */
export const publicAuthorityHosts: readonly string[] = [
  publicAuthorityHost,
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
];

/** Where clients that prove themselves by a TLS certificate ask; the same authority. */
export const mtlsAuthorityHost = 'mtlsauth.microsoft.com';

/** By which name a token was asked for: the public cloud's, or our own origin (`https://host[:port]`). */
export type Authority = { readonly kind: 'public' } | { readonly kind: 'own'; readonly origin: string };

/** The public cloud's authority. */
export const publicAuthority: Authority = { kind: 'public' };

/**
 * Claim `iss` of a token of this version that was asked for by this authority. Version 1 ends in a slash.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference, claim `iss`
 */
export function formatIssuer(authority: Authority, tenantId: string, version: TokenVersion): string {
  if (authority.kind === 'own') return `${authority.origin}/${tenantId}/${version === 1 ? '' : 'v2.0'}`;
  return version === 1 ? `https://sts.windows.net/${tenantId}/` : `https://${publicAuthorityHost}/${tenantId}/v2.0`;
}

/** Whether an issuer is one of the four whose tokens are this tenant's: two names, each in two versions. */
export function isAcceptedIssuer(issuer: string, origin: string, tenantId: string): boolean {
  const own: Authority = { kind: 'own', origin };
  return (
    issuer === formatIssuer(publicAuthority, tenantId, 1) ||
    issuer === formatIssuer(own, tenantId, 1) ||
    issuer === formatIssuer(publicAuthority, tenantId, 2) ||
    issuer === formatIssuer(own, tenantId, 2)
  );
}

/** The authority that a request's host (`host[:port]`) means. A host that is neither is answered as our own origin. */
export function authorityOf(host: string, origin: string): Authority {
  const name = host.toLowerCase();
  return name === mtlsAuthorityHost || publicAuthorityHosts.includes(name) ? publicAuthority : { kind: 'own', origin };
}
