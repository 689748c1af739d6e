import type { Tenant } from '../ports/directory.ts';
import { publicAuthorityHosts } from './issuers.ts';

/** Whose token endpoint is meant. */
export interface EndpointOwner {
  readonly tenant: Pick<Tenant, 'tenantId' | 'defaultDomain'>;
  /** Postern's own `https://host[:port]`. */
  readonly origin: string;
}

const endpoint = /^(https:\/\/[^/?#@\s]+)(\/adfs)?(?:\/([^/?#\s]+))?\/oauth2(?:\/v2\.0)?\/token$/i;
const issuer = /^(https:\/\/[^/?#@\s]+)\/([^/?#\s]+)(?:\/v2\.0|\/)?$/i;

/**
 * Whether an assertion's audience names our token endpoint: of version 1 or 2, for the tenant by id or domain, on the public
 * cloud's names or our origin, also in the form under `/adfs`; or our issuer, which RFC 7523 section 3 prefers.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials, claim `aud`
 */
export function isTokenEndpointAudience(audience: string, owner: EndpointOwner): boolean {
  const [, origin = '', adfs, tenant] = endpoint.exec(audience) ?? [];
  if (origin !== '')
    return (
      isOurs(origin, owner) &&
      (adfs !== undefined ? isOurTenant(tenant, owner, true) : isOurTenant(tenant, owner, false))
    );
  const [, issuerOrigin = '', issuerTenant] = issuer.exec(audience) ?? [];
  return isOurs(issuerOrigin, owner) && isOurTenant(issuerTenant, owner, false);
}

function isOurs(origin: string, owner: EndpointOwner): boolean {
  const folded = origin.toLowerCase();
  return folded === owner.origin.toLowerCase() || publicAuthorityHosts.some((host) => folded === `https://${host}`);
}

/** Below `/adfs` the tenant may be left out. */
function isOurTenant(name: string | undefined, { tenant }: EndpointOwner, optional: boolean): boolean {
  if (name === undefined) return optional;
  const folded = name.toLowerCase();
  return folded === tenant.tenantId.toLowerCase() || folded === tenant.defaultDomain.toLowerCase();
}
