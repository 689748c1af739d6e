import type { Clock } from '../core/ports/clock.ts';
import type { Directory, ServicePrincipal } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { IssuedToken, ManagedIdentityTokenRequest, TokenIssuer } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { toEpochSeconds } from '../core/time.ts';
import { applicationClaims, managedIdentityClaims, type TokenFacts } from '../core/token/claims.ts';
import { type Authority, formatIssuer, publicAuthority } from '../core/token/issuers.ts';
import { applicationLifetimeSeconds, managedIdentityLifetimeSeconds, tokenTimes } from '../core/token/lifetime.ts';
import { findResource, type ResourceDirectory } from '../core/token/resource.ts';
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
    issueManagedIdentityToken: async ({ principal, resource, ...ids }: ManagedIdentityTokenRequest) => {
      const proof = {
        authority: publicAuthority,
        appidacr: '2',
        lifetimeSeconds: managedIdentityLifetimeSeconds,
      } as const;
      const facts = gatherFacts({ principal, resource, ...proof }, ports);
      return isRefusal(facts) ? facts : mint(facts, managedIdentityClaims({ ...facts, ...ids }), ports.ring);
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
    principal: request.principal,
    appidacr: request.appidacr,
    times: tokenTimes(toEpochSeconds(clock.now()), request.lifetimeSeconds),
    opaque: drawOpaqueClaims(random),
  };
}

function resourcesOf(directory: Directory, origin: string): ResourceDirectory {
  return {
    tenant: directory.tenant,
    servicePrincipalByName: (name) => directory.servicePrincipalByName(name),
    origin,
  };
}

async function mint(
  { times, resource }: TokenFacts,
  claims: Parameters<typeof signToken>[0],
  ring: KeyRing,
): Promise<IssuedToken> {
  const key = ring.current();
  const accessToken = await signToken(claims, key, resource.tokenVersion);
  return { accessToken, notBefore: times.notBefore, expiresOn: times.expiresOn, kid: key.kid };
}
