import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { formatType, parseResourceId } from '../resource-id.ts';
import type { IdentityIds } from './resource-identity.ts';

/** A user-assigned identity with what it says about who may have it. */
export interface AssignableIdentity extends IdentityIds {
  readonly resourceId: string;
  readonly location: string;
  /** `Regional`: only resources of the identity's own region may have it. */
  readonly isolationScope: 'None' | 'Regional';
  /** Namespaces (`Microsoft.Compute`) or types (`Microsoft.Web/sites`) that alone may have it; none means all. */
  readonly providers: readonly string[];
}

/** Reads a stored user-assigned identity. */
export function parseAssignableIdentity(body: JsonObject): AssignableIdentity | undefined {
  const properties = body['properties'];
  if (!isJsonObject(properties)) return undefined;
  return {
    resourceId: String(body['id']),
    location: String(body['location']),
    principalId: String(properties['principalId']),
    clientId: String(properties['clientId']),
    isolationScope: properties['isolationScope'] === 'Regional' ? 'Regional' : 'None',
    providers: providersOf(properties['assignmentRestrictions']),
  };
}

/** The `providers` of an `assignmentRestrictions` block. */
export function providersOf(restrictions: Json | undefined): readonly string[] {
  const providers = isJsonObject(restrictions) ? restrictions['providers'] : undefined;
  return Array.isArray(providers) ? providers.map(String) : [];
}

/**
 * Whether a resource may be given an identity. Refuses `FailedIdentityOperation`, in our own words, where the identity is
 * isolated to another region or restricted to other providers. An identity that was attached before stays.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-assignment-restriction
 */
export function judgeAssignment(
  identity: AssignableIdentity,
  to: { readonly resourceId: string; readonly location?: string | undefined },
): Refusal | undefined {
  const { isolationScope, location, providers } = identity;
  if (isolationScope === 'Regional' && to.location !== undefined && to.location !== location) {
    return failed(
      to.resourceId,
      `The identity '${identity.resourceId}' has the isolation scope 'Regional' and lies in '${location}': a resource in '${to.location}' cannot have it.`,
    );
  }
  const type = typeOf(to.resourceId);
  if (providers.length === 0 || providers.some((allowed) => covers(allowed.toLowerCase(), type.toLowerCase()))) {
    return undefined;
  }
  return failed(
    to.resourceId,
    `The identity '${identity.resourceId}' can be assigned to resources of '${providers.join("', '")}' alone: '${type}' is not among them.`,
  );
}

function covers(allowed: string, type: string): boolean {
  return type === allowed || type.startsWith(`${allowed}/`);
}

function typeOf(resourceId: string): string {
  const provider = parseResourceId(resourceId)?.provider;
  return provider === undefined ? '' : formatType(provider);
}

function failed(resourceId: string, why: string): Refusal {
  return refuse(
    'FailedIdentityOperation',
    `Identity operation for resource '${resourceId}' failed with error '${why}'.`,
    {
      target: 'identity.userAssignedIdentities',
    },
  );
}
