import type { Clock } from '../core/ports/clock.ts';
import type { Directory, ServicePrincipal } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { IssuedToken, ManagedIdentityTokenRequest, TokenIssuer } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { type EpochSeconds, toEpochSeconds } from '../core/time.ts';
import { applicationClaims, managedIdentityClaims, type TokenFacts } from '../core/token/claims.ts';
import { type Authority, formatIssuer, publicAuthority } from '../core/token/issuers.ts';
import {
  applicationLifetimeSeconds,
  managedIdentityLifetimeSeconds,
  type TokenTimes,
  tokenTimes,
} from '../core/token/lifetime.ts';
import { findResource, type ResourceDirectory, type TargetResource } from '../core/token/resource.ts';
import { signToken } from './jwt/sign.ts';
import type { KeyRing } from './keys/key-ring.ts';
import { drawOpaqueClaims } from './opaque-claims.ts';

/** What tokens are made from. */
export interface MinterPorts {
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly random: Random;
  readonly directory: Directory;
  readonly origin: () => string;
}

/** A client that has proved itself asks for a token: an application, or a managed identity by federation. */
export interface ApplicationTokenRequest extends Pick<TokenFacts, 'appidacr'> {
  readonly principal: ServicePrincipal;
  readonly resource: string;
  readonly authority: Authority;
}

/** Makes tokens: managed identities' for IMDS, applications' for the token endpoint. Refuses `AADSTS500011`. */
export interface TokenMinter extends TokenIssuer {
  issueApplicationToken(request: ApplicationTokenRequest): Promise<IssuedToken | Refusal>;
}

/** Opens a minter over a key ring. */
export function openTokenMinter(ports: MinterPorts): TokenMinter {
  return {
    issueManagedIdentityToken: async ({ principal, resource, notAfter, ...ids }: ManagedIdentityTokenRequest) => {
      const proof = {
        authority: publicAuthority,
        appidacr: '2',
        lifetimeSeconds: managedIdentityLifetimeSeconds,
      } as const;
      const gathered = gatherFacts({ principal, resource, ...proof }, ports);
      if (isRefusal(gathered)) return gathered;
      const facts = { ...gathered, times: endingBy(gathered.times, notAfter) };
      return mint(facts, managedIdentityClaims({ ...facts, ...ids }), ports.ring);
    },
    isStanding: ({ kid }) => ports.ring.find(kid) !== undefined,
    issueApplicationToken: async (request) => {
      const { resourceId } = request.principal;
      const lifetimeSeconds = resourceId === undefined ? applicationLifetimeSeconds : managedIdentityLifetimeSeconds;
      const facts = gatherFacts({ ...request, lifetimeSeconds }, ports);
      if (isRefusal(facts)) return facts;
      const claims =
        resourceId === undefined
          ? applicationClaims(facts)
          : managedIdentityClaims({ ...facts, identityResourceId: resourceId });
      return mint(facts, claims, ports.ring);
    },
  };
}

function gatherFacts(
  request: ApplicationTokenRequest & { readonly lifetimeSeconds: number },
  { clock, random, directory, origin }: MinterPorts,
): TokenFacts | Refusal {
  const resource = findResource(request.resource, resourcesOf(directory, origin()));
  if (isRefusal(resource)) return resource;
  return {
    tenant: directory.tenant,
    issuer: formatIssuer(request.authority, directory.tenant.tenantId, resource.tokenVersion),
    resource,
    principal: withRolesOn(resource, request.principal, directory),
    appidacr: request.appidacr,
    times: tokenTimes(toEpochSeconds(clock.now()), request.lifetimeSeconds),
    opaque: drawOpaqueClaims(random),
  };
}

function endingBy(times: TokenTimes, notAfter: EpochSeconds | undefined): TokenTimes {
  return notAfter === undefined || times.expiresOn <= notAfter ? times : { ...times, expiresOn: notAfter };
}

/** On an application of the directory a principal has the roles that it was given there, in place of those on Microsoft Graph. */
function withRolesOn(
  { principalId }: TargetResource,
  principal: ServicePrincipal,
  directory: Directory,
): ServicePrincipal {
  return principalId === undefined
    ? principal
    : { ...principal, appRoles: directory.appRolesOn(principal, principalId) };
}

function resourcesOf(directory: Directory, origin: string): ResourceDirectory {
  return {
    tenant: directory.tenant,
    servicePrincipalByName: (name) => directory.servicePrincipalByName(name),
    accessTokenVersionOf: (principal) => directory.accessTokenVersionOf(principal),
    origin,
  };
}

async function mint(
  { times, resource, opaque }: TokenFacts,
  claims: Parameters<typeof signToken>[0],
  ring: KeyRing,
): Promise<IssuedToken> {
  const key = ring.current();
  const accessToken = await signToken(claims, key, resource.tokenVersion);
  return { accessToken, notBefore: times.notBefore, expiresOn: times.expiresOn, kid: key.kid, uti: opaque.uti };
}
