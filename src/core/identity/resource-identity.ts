import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal } from '../refusal.ts';
import { formatIdentityType, parseIdentityType } from './identity-type.ts';

/** The principal and client of an identity. */
export interface IdentityIds {
  readonly principalId: string;
  readonly clientId: string;
}

/** A user-assigned identity as a resource holds it: the ids are those of the time when it was attached. */
export interface AttachedUserIdentity extends IdentityIds {
  /** As written when it was attached. */
  readonly resourceId: string;
}

/** The identities that a resource has. */
export interface ResourceIdentity {
  /** Of the system-assigned identity. */
  readonly system?: { readonly principalId: string; readonly tenantId: string };
  readonly users: readonly AttachedUserIdentity[];
}

/** A resource without identities. */
export const noIdentity: ResourceIdentity = { users: [] };

/** Reads a stored `identity` block: what {@link formatResourceIdentity} wrote. */
export function parseResourceIdentity(block: Json | undefined): ResourceIdentity {
  if (!isJsonObject(block)) return noIdentity;
  const type = parseIdentityType(String(block['type']));
  const map = block['userAssignedIdentities'];
  const users = Object.entries(isJsonObject(map) ? map : {}).map(([resourceId, ids]) => ({
    resourceId,
    ...idsOf(ids),
  }));
  if (isRefusal(type) || !type.system) return { users };
  return { users, system: { principalId: String(block['principalId']), tenantId: String(block['tenantId']) } };
}

function idsOf(value: Json): IdentityIds {
  const ids = isJsonObject(value) ? value : {};
  return { principalId: String(ids['principalId']), clientId: String(ids['clientId']) };
}

/**
 * The `identity` block as ARM answers it; undefined for a resource without identities, whose answer has no block at all.
 * `principalId` and `tenantId` belong to the system-assigned identity alone.
 */
export function formatResourceIdentity({ system, users }: ResourceIdentity): JsonObject | undefined {
  if (system === undefined && users.length === 0) return undefined;
  const map = users.map(({ resourceId, principalId, clientId }) => [resourceId, { principalId, clientId }] as const);
  return {
    type: formatIdentityType({ system: system !== undefined, user: users.length > 0 }),
    ...(system ?? {}),
    ...(users.length === 0 ? {} : { userAssignedIdentities: Object.fromEntries(map) }),
  };
}
