import type { Tenant } from '../core/ports/directory.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { type Authority, authorityOf } from '../core/token/issuers.ts';

/** The paths that stand for no tenant in particular. */
const sharedTenants = ['common', 'organizations', 'consumers'] as const;

/** A path that stands for no tenant in particular. */
export type SharedTenant = (typeof sharedTenants)[number];

/** The authority that a request's URL names. */
export interface AskedAuthority {
  readonly authority: Authority;
  /** `https://host[:port]` on which the answer's endpoints lie. */
  readonly origin: string;
  /** The path before the endpoint: `/{tenantId}`, `/common`, `/adfs`, `/adfs/{tenantId}` … */
  readonly path: string;
  /** Whether the path has the form in which private clouds' clients ask an AD FS. */
  readonly adfs: boolean;
  /** Set when the path names no tenant in particular. */
  readonly shared?: SharedTenant;
}

/** What the URL says: its host (`host[:port]`), its tenant segment (`adfs` alone counts as one), and whether `/adfs/` comes before. */
export interface AuthorityQuestion {
  readonly host: string;
  readonly tenant: string;
  readonly underAdfs: boolean;
}

/**
 * Finds the authority. A tenant is named by its id or its domain; what is neither is refused: `AADSTS90002` for an unknown
 * tenant, `AADSTS900023` for what cannot be one.
 */
export function findAuthority(
  { host, tenant, underAdfs }: AuthorityQuestion,
  ours: { readonly tenant: Tenant; readonly origin: string },
): AskedAuthority | Refusal {
  const authority = authorityOf(host, ours.origin);
  const origin = authority.kind === 'own' ? ours.origin : `https://${host.toLowerCase()}`;
  const base = { authority, origin, adfs: underAdfs || isAdfs(tenant) };
  if (isAdfs(tenant)) return { ...base, path: '/adfs' };
  const prefix = underAdfs ? '/adfs' : '';
  const shared = sharedTenants.find((name) => name === tenant.toLowerCase());
  if (shared !== undefined) return { ...base, path: `${prefix}/${shared}`, shared };
  if (!isTenant(tenant, ours.tenant)) return refuseTenant(tenant);
  return { ...base, path: `${prefix}/${ours.tenant.tenantId}` };
}

function isAdfs(tenant: string): boolean {
  return tenant.toLowerCase() === 'adfs';
}

function isTenant(name: string, tenant: Tenant): boolean {
  const folded = name.toLowerCase();
  return folded === tenant.tenantId.toLowerCase() || folded === tenant.defaultDomain.toLowerCase();
}

function refuseTenant(name: string): Refusal {
  const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
  if (!guid.test(name) && !domain.test(name)) {
    return refuse(
      'AADSTS900023',
      `Specified tenant identifier '${name}' is neither a valid DNS name, nor a valid external domain.`,
    );
  }
  return refuse(
    'AADSTS90002',
    `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}
