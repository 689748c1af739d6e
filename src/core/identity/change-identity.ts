import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Directory } from '../ports/directory.ts';
import { documentKey, type Store, type Write } from '../ports/store.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { foldId, nameOf } from '../resource-id.ts';
import { type AssignableIdentity, judgeAssignment, parseAssignableIdentity } from './assignment-limits.ts';
import { parseIdentityRequest } from './identity-request.ts';
import { newlyListed, planIdentity } from './plan-identity.ts';
import { formatResourceIdentity, parseResourceIdentity } from './resource-identity.ts';

/** Where identities are kept: the resources' documents and the principals. */
export interface IdentityPorts {
  readonly store: Store;
  readonly directory: Directory;
}

/** A request to change a resource's identities. */
export interface IdentityChangeRequest {
  readonly resourceId: string;
  readonly method: 'PUT' | 'PATCH';
  /** The stored `identity` block. */
  readonly before: Json | undefined;
  /** The body's `identity`: absent or null changes nothing, in a PUT too. */
  readonly asked: Json | undefined;
  /** The resource's region, if it has one: an identity may be isolated to its own. */
  readonly location?: string;
}

/** The next `identity` block, and the writes that must be committed with it. */
export interface IdentityChange {
  readonly block: JsonObject | undefined;
  readonly writes: readonly Write[];
}

/** The right that a caller needs at each user-assigned identity that it attaches anew. */
interface AssignCheck {
  readonly action: string;
  readonly scope: string;
}

/** Plans a change of identities: principals come and go in the same transaction as the resource's document. */
export async function changeIdentity(
  { store, directory }: IdentityPorts,
  { resourceId, method, before, asked, location }: IdentityChangeRequest,
): Promise<IdentityChange | Refusal> {
  const current = parseResourceIdentity(before);
  if (asked === undefined || asked === null) return { block: formatResourceIdentity(current), writes: [] };
  const request = parseIdentityRequest(asked);
  if (isRefusal(request)) return request;
  const resolve = await resolver(store, request.listed);
  const plan = planIdentity({ resourceId, current, request, method, resolve });
  if (isRefusal(plan)) return plan;
  for (const id of plan.added) {
    const identity = resolve(id);
    const limited = identity && judgeAssignment(identity, { resourceId, location });
    if (limited !== undefined) return limited;
  }
  const made = plan.createSystem
    ? directory.planManagedIdentity({ resourceId, displayName: nameOf(resourceId), isExplicit: false })
    : undefined;
  const { tenantId } = directory.tenant;
  const kept = plan.deleteSystem === undefined ? current.system : undefined;
  const system = made === undefined ? kept : { principalId: made.principal.objectId, tenantId };
  const ended = plan.deleteSystem === undefined ? [] : directory.planDeletion(plan.deleteSystem);
  const block = formatResourceIdentity({ users: plan.users, ...(system ? { system } : {}) });
  return { block, writes: [...(made?.writes ?? []), ...ended] };
}

/** The writes that end with a resource: its system-assigned identity's principal goes. */
export function endIdentity(directory: Directory, body: JsonObject): readonly Write[] {
  const identity = body['identity'];
  const principalId = isJsonObject(identity) ? identity['principalId'] : undefined;
  return typeof principalId === 'string' ? directory.planDeletion(principalId) : [];
}

/** The right to assign, at each user-assigned identity that the request attaches anew (ARM's linked access check). */
export async function linkedIdentities(
  { store }: Pick<IdentityPorts, 'store'>,
  before: Json | undefined,
  asked: Json | undefined,
): Promise<readonly AssignCheck[] | Refusal> {
  if (asked === undefined || asked === null) return [];
  const request = parseIdentityRequest(asked);
  if (isRefusal(request)) return request;
  const resolve = await resolver(store, request.listed);
  const ids = newlyListed({ current: parseResourceIdentity(before), request, resolve });
  return ids.map((scope) => ({ action: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', scope }));
}

async function resolver(
  store: Store,
  ids: readonly string[],
): Promise<(resourceId: string) => AssignableIdentity | undefined> {
  const found = new Map<string, AssignableIdentity>();
  for (const id of ids.map(foldId)) {
    const stored = await store.get(documentKey(id));
    const identity = stored && parseAssignableIdentity(stored.body);
    if (identity !== undefined) found.set(id, identity);
  }
  return (resourceId) => found.get(foldId(resourceId));
}
