import type { JsonObject } from '../json.ts';
import type { ServicePrincipal, Tenant } from '../ports/directory.ts';
import { type Actor, actorClaim } from './actor.ts';
import type { TokenTimes } from './lifetime.ts';
import type { TargetResource } from './resource.ts';

/** Claims without a documented meaning, different in each token. */
export interface OpaqueClaims {
  readonly aio: string;
  readonly rh: string;
  /** The token's id: 16 random bytes in base64url. */
  readonly uti: string;
  readonly ftd: string;
  readonly rd: string;
}

/** What every app-only token is made of. */
export interface TokenFacts {
  readonly tenant: Tenant;
  readonly issuer: string;
  readonly resource: TargetResource;
  /** Its `appRoles` are those on the resource. */
  readonly principal: ServicePrincipal;
  /** How the client proved itself: `1` a secret, `2` a certificate (always, for a managed identity). */
  readonly appidacr: '1' | '2';
  readonly times: TokenTimes;
  readonly opaque: OpaqueClaims;
}

/** What a managed identity's token says beside that. */
export interface ManagedIdentityFacts extends TokenFacts {
  readonly identityResourceId: string;
  readonly machineResourceId?: string;
  readonly confirmation?: string;
  readonly actor?: Actor;
}

/**
 * An application's claims, in Entra's order: the registered ones first, the rest by name.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function applicationClaims(facts: TokenFacts): JsonObject {
  return formatClaims(facts, {});
}

/**
 * A managed identity's claims: an application's, and the ARM ids of the identity (`xms_mirid`) and, where it is not that
 * machine's alone, of the machine that asked (`xms_az_rid`). Our own is the machine's user (`act`). Both spell `resourcegroups` in lower case, as captured from Azure.
 */
export function managedIdentityClaims(facts: ManagedIdentityFacts): JsonObject {
  return formatClaims(facts, {
    ...(facts.actor === undefined ? {} : { act: actorClaim(facts.actor) }),
    ...(facts.confirmation === undefined ? {} : { cnf: { 'x5t#S256': facts.confirmation } }),
    xms_mirid: formatClaimId(facts.identityResourceId),
    ...(facts.machineResourceId === undefined ? {} : { xms_az_rid: formatClaimId(facts.machineResourceId) }),
  });
}

function formatClaims(facts: TokenFacts, more: JsonObject): JsonObject {
  const named: JsonObject = {
    aio: facts.opaque.aio,
    ...clientClaims(facts),
    ...(facts.resource.carriesAppRoles ? permissionClaims(facts) : {}),
    ...(facts.resource.principalId === undefined ? {} : rolesClaim(facts)),
    ...directoryClaims(facts),
    ...more,
  };
  return { ...registeredClaims(facts), ...sortByName(named) };
}

function registeredClaims({ resource, issuer, times }: TokenFacts): JsonObject {
  return {
    aud: resource.audience,
    iss: issuer,
    iat: times.issuedAt,
    nbf: times.notBefore,
    exp: times.expiresOn,
  };
}

function clientClaims({ resource, principal, appidacr, issuer }: TokenFacts): JsonObject {
  if (resource.tokenVersion === 2) return { azp: principal.appId, azpacr: appidacr };
  return { appid: principal.appId, appidacr, idp: issuer };
}

function permissionClaims({ principal }: TokenFacts): JsonObject {
  return { app_displayname: principal.displayName, ...rolesClaim({ principal }), tenant_region_scope: 'NA' };
}

function rolesClaim({ principal }: Pick<TokenFacts, 'principal'>): JsonObject {
  return principal.appRoles.length === 0 ? {} : { roles: principal.appRoles };
}

function directoryClaims({ principal, tenant, resource, opaque }: TokenFacts): JsonObject {
  const both: JsonObject = {
    idtyp: 'app',
    oid: principal.objectId,
    rh: opaque.rh,
    sub: principal.objectId,
    tid: tenant.tenantId,
    uti: opaque.uti,
    ver: resource.tokenVersion === 1 ? '1.0' : '2.0',
    xms_act_fct: '3 9',
    xms_ftd: opaque.ftd,
    xms_idrel: '7 2',
    xms_sub_fct: '9 3',
  };
  if (resource.tokenVersion === 2) return both;
  return { ...both, xms_rd: opaque.rd, xms_tcdt: Math.floor(tenant.createdAt / 1000) };
}

function sortByName(claims: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function formatClaimId(resourceId: string): string {
  return resourceId.replace(/\/resourcegroups\//i, '/resourcegroups/');
}
