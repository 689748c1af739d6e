import type { Directory, Tenant } from '../ports/directory.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { findKnownResource, graphAppId, type TokenVersion } from './audiences.ts';

/** What a token is asked for, found in the tenant. */
export interface TargetResource {
  /** Claim `aud`. */
  readonly audience: string;
  readonly tokenVersion: TokenVersion;
  /** Whether its tokens carry application permissions (claim `roles`): Microsoft Graph, and our origin, where Graph is served. */
  readonly carriesAppRoles: boolean;
  /** The service principal of an application of this directory: its tokens carry the roles that it has given (claim `roles`). */
  readonly principalId?: string;
}

/** Where a `resource` is looked up. */
export interface ResourceDirectory {
  readonly tenant: Tenant;
  servicePrincipalByName: Directory['servicePrincipalByName'];
  accessTokenVersionOf: Directory['accessTokenVersionOf'];
  /** Postern's own origin, `https://host[:port]`: a resource of every tenant, as Resource Manager and Graph are served there. */
  readonly origin: string;
}

/**
 * Finds the resource that a token is asked for. A version 1 token's `aud` is the name as it was asked for, trailing slash
 * and letter case included; a version 2 token's is the application id. Refuses `AADSTS500011`.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference, claim `aud`
 */
export function findResource(resource: string, where: ResourceDirectory): TargetResource | Refusal {
  if (resource === where.origin || resource === `${where.origin}/`) {
    return { audience: resource, tokenVersion: 1, carriesAppRoles: true };
  }
  const known = findKnownResource(resource);
  if (known !== undefined) {
    const audience = known.tokenVersion === 2 && known.appId !== undefined ? known.appId : resource;
    return { audience, tokenVersion: known.tokenVersion, carriesAppRoles: known.appId === graphAppId };
  }
  const principal = where.servicePrincipalByName(resource);
  if (principal?.servicePrincipalType === 'Application') {
    const { objectId: principalId, appId } = principal;
    const tokenVersion = where.accessTokenVersionOf(principal);
    return { audience: tokenVersion === 2 ? appId : resource, tokenVersion, carriesAppRoles: false, principalId };
  }
  return refuseResource(resource, where.tenant);
}

function refuseResource(resource: string, tenant: Tenant): Refusal {
  return refuse(
    'AADSTS500011',
    `The resource principal named ${resource} was not found in the tenant named ${tenant.displayName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  );
}
