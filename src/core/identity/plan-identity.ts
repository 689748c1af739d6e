import { type Refusal, refuse } from '../refusal.ts';
import { foldId } from '../resource-id.ts';
import type { IdentityRequest } from './identity-request.ts';
import type { AttachedUserIdentity, IdentityIds, ResourceIdentity } from './resource-identity.ts';

/** What a request's identity block comes to. */
export interface IdentityPlan {
  /** The user-assigned identities from now on. */
  readonly users: readonly AttachedUserIdentity[];
  /** A system-assigned identity is to be made: the resource had none. */
  readonly createSystem: boolean;
  /** The principal of the system-assigned identity that ends. */
  readonly deleteSystem?: string;
  /** Ids of user-assigned identities that were not attached before, as they have just been written. */
  readonly added: readonly string[];
  /** Ids of user-assigned identities that are attached no more. */
  readonly removed: readonly string[];
}

/** What a plan is made from. */
export interface IdentityQuestion {
  /** For messages. */
  readonly resourceId: string;
  readonly current: ResourceIdentity;
  readonly request: IdentityRequest;
  /** A PUT replaces the set of user-assigned identities; a PATCH keeps those that it does not mention. */
  readonly method: 'PUT' | 'PATCH';
  /** The ids that a user-assigned identity has now; undefined when there is no such identity. */
  readonly resolve: (resourceId: string) => IdentityIds | undefined;
}

/**
 * The lifecycle rules of a resource's identities. A type without `SystemAssigned` ends the system-assigned identity, one
 * without `UserAssigned` takes off all user-assigned ones, in a PATCH too. An identity that is attached already and has
 * been deleted since stays as it is until it is taken off; one that was made anew under its name is attached anew.
 * Refuses `FailedIdentityOperation` for an identity that does not exist and `MissingIdentityIds` for `UserAssigned` with none.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-configure-managed-identities
 */
export function planIdentity(question: IdentityQuestion): IdentityPlan | Refusal {
  const { current, request, resolve } = question;
  const kept = keptOf(question);
  const added: AttachedUserIdentity[] = [];
  for (const id of newlyListed(question)) {
    const ids = resolve(id);
    if (ids === undefined) return noSuchIdentity(question.resourceId, id);
    added.push({ resourceId: id, principalId: ids.principalId, clientId: ids.clientId });
  }
  const renewed = new Set(added.map(({ resourceId }) => foldId(resourceId)));
  const users = [...kept.filter(({ resourceId }) => !renewed.has(foldId(resourceId))), ...added];
  if (request.type.user && users.length === 0) return missingIds(request.type.system);
  const still = new Set(users.map(({ resourceId }) => foldId(resourceId)));
  return {
    users,
    createSystem: request.type.system && current.system === undefined,
    ...(current.system && !request.type.system ? { deleteSystem: current.system.principalId } : {}),
    added: added.map(({ resourceId }) => resourceId),
    removed: current.users.map(({ resourceId }) => resourceId).filter((id) => !still.has(foldId(id))),
  };
}

/** The ids that a request attaches and that were not attached before: each needs the caller's right to assign it. */
export function newlyListed({
  current,
  request,
  resolve,
}: Omit<IdentityQuestion, 'resourceId' | 'method'>): readonly string[] {
  const attached = new Map(current.users.map((user) => [foldId(user.resourceId), user.principalId] as const));
  return request.listed.filter((id) => {
    const before = attached.get(foldId(id));
    return before === undefined || (resolve(id)?.principalId ?? before) !== before;
  });
}

function keptOf({ current, request, method }: IdentityQuestion): readonly AttachedUserIdentity[] {
  if (!request.type.user) return [];
  const listed = new Set(request.listed.map(foldId));
  return current.users.filter(({ resourceId }) => {
    const id = foldId(resourceId);
    return listed.has(id) || (method === 'PATCH' && !request.dropped.has(id));
  });
}

function noSuchIdentity(resourceId: string, id: string): Refusal {
  return refuse(
    'FailedIdentityOperation',
    `Identity operation for resource '${resourceId}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '{"error":{"code":"BadRequest","message":"Resource '${id}' was not found."}}'.'.`,
    { target: 'identity.userAssignedIdentities' },
  );
}

function missingIds(system: boolean): Refusal {
  const type = system ? 'SystemAssigned, UserAssigned' : 'UserAssigned';
  return refuse(
    'MissingIdentityIds',
    `The identity ids must not be null or empty for '${type}' identity type. Name at least one identity in 'identity.userAssignedIdentities', or use the type '${system ? 'SystemAssigned' : 'None'}'.`,
    { target: 'identity.userAssignedIdentities' },
  );
}
