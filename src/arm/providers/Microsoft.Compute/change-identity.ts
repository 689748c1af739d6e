import { parseIdentityRequest } from '../../../core/identity/identity-request.ts';
import { newlyListed, planIdentity } from '../../../core/identity/plan-identity.ts';
import {
  formatResourceIdentity,
  type IdentityIds,
  parseResourceIdentity,
} from '../../../core/identity/resource-identity.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { documentKey, type Store, type Write } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import { foldId, nameOf } from '../../../core/resource-id.ts';
import type { LinkedCheck, ProviderContext } from '../../provider-contract.ts';

/** A request to change a machine's identities. */
export interface IdentityChangeRequest {
  readonly resourceId: string;
  readonly method: 'PUT' | 'PATCH';
  /** The stored `identity` block. */
  readonly before: Json | undefined;
  /** The body's `identity`: absent or null changes nothing, in a PUT too. */
  readonly asked: Json | undefined;
}

/** The next `identity` block, and the writes that must be committed with it. */
export interface IdentityChange {
  readonly block: JsonObject | undefined;
  readonly writes: readonly Write[];
}

/** Plans a change of identities: principals come and go in the same transaction as the machine's document. */
export async function changeIdentity(
  { store, directory }: ProviderContext,
  { resourceId, method, before, asked }: IdentityChangeRequest,
): Promise<IdentityChange | Refusal> {
  const current = parseResourceIdentity(before);
  if (asked === undefined || asked === null) return { block: formatResourceIdentity(current), writes: [] };
  const request = parseIdentityRequest(asked);
  if (isRefusal(request)) return request;
  const resolve = await resolver(store, request.listed);
  const plan = planIdentity({ resourceId, current, request, method, resolve });
  if (isRefusal(plan)) return plan;
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

/** The right to assign, at each user-assigned identity that the request attaches anew (ARM's linked access check). */
export async function linkedIdentities(
  { store }: ProviderContext,
  before: Json | undefined,
  asked: Json | undefined,
): Promise<readonly LinkedCheck[] | Refusal> {
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
): Promise<(resourceId: string) => IdentityIds | undefined> {
  const found = new Map<string, IdentityIds>();
  for (const id of ids.map(foldId)) {
    const properties = (await store.get(documentKey(id)))?.body['properties'];
    if (!isJsonObject(properties)) continue;
    found.set(id, { principalId: String(properties['principalId']), clientId: String(properties['clientId']) });
  }
  return (resourceId) => found.get(foldId(resourceId));
}
