import type { ServicePrincipal } from '../../core/ports/directory.ts';
import type { MachineView } from '../../core/ports/machines.ts';
import type { VerifiedToken } from '../../core/ports/token-verifier.ts';
import { sameId } from '../../core/resource-id.ts';

/** What a token's binding is decided from. */
export interface BindingFacts {
  readonly token: VerifiedToken;
  /** The token's `oid` in the directory. */
  readonly principal: ServicePrincipal | undefined;
  /** The machine to which the token was issued, as it is now. */
  readonly machine: MachineView | undefined;
}

/** Seconds by which tokens are backdated: `iat` lies this far before the issuing, as in Entra. */
const backdatedSeconds = 300;

/** The machine that a token was issued to: `xms_az_rid` (user-assigned, or a scale set's) before `xms_mirid` (its own). */
export function machineOf(token: VerifiedToken): string | undefined {
  return token.machineResourceId ?? token.identityResourceId;
}

/**
 * Whether a verified token still stands for someone: its principal exists and is enabled, and a managed identity is still
 * on the machine that the token was issued to, if it was one, which is that same machine. Answers why not; undefined when it stands.
 * Stricter than Azure, where a token lives until it expires: meant.
 */
export function decideBinding({ token, principal, machine }: BindingFacts): string | undefined {
  if (principal === undefined) return `the principal '${token.objectId}' no longer exists in the directory`;
  if (!principal.accountEnabled) return `the principal '${token.objectId}' is disabled`;
  if (principal.appId !== token.appId) return `the principal '${token.objectId}' has another client id`;
  if (principal.servicePrincipalType !== 'ManagedIdentity') {
    return token.identityResourceId === undefined
      ? undefined
      : `the principal '${token.objectId}' is no managed identity`;
  }
  return decideIdentity(token, principal, machine);
}

function decideIdentity(token: VerifiedToken, principal: ServicePrincipal, machine?: MachineView): string | undefined {
  const identityId = token.identityResourceId;
  if (identityId === undefined) return 'it does not name its managed identity (xms_mirid)';
  if (principal.resourceId !== undefined && !sameId(principal.resourceId, identityId)) {
    return `the principal '${token.objectId}' belongs to another resource than '${identityId}'`;
  }
  // By federation a user-assigned identity gets tokens that belong to no machine: IMDS always says to which it issued one.
  if (token.machineResourceId === undefined && isUserAssigned(principal)) return undefined;
  const machineId = machineOf(token) ?? identityId;
  if (machine === undefined) return `the machine '${machineId}' to which it was issued does not exist`;
  if (!machine.identities.some((identity) => identity.principalId === token.objectId)) {
    return `the managed identity is no longer assigned to the machine '${machineId}'`;
  }
  return isOlderThan(token, machine)
    ? `it was issued to an earlier machine of the name '${machineId}', which has been deleted`
    : undefined;
}

function isUserAssigned({ alternativeNames }: ServicePrincipal): boolean {
  return alternativeNames.some((name) => name.toLowerCase() === 'isexplicit=true');
}

function isOlderThan(token: VerifiedToken, machine: MachineView): boolean {
  const properties = machine.resource['properties'];
  if (typeof properties !== 'object' || properties === null || !('timeCreated' in properties)) return false;
  const created = Date.parse(String(properties['timeCreated']));
  return token.issuedAt + backdatedSeconds < Math.floor(created / 1000);
}
