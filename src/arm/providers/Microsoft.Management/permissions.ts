import { isJsonObject } from '../../../core/json.ts';
import { formatManagementGroupId } from '../../../core/management/management-group.ts';
import { documentKey } from '../../../core/ports/store.ts';
import { isRefusal } from '../../../core/refusal.ts';
import { formatSubscriptionId, sameId } from '../../../core/resource-id.ts';
import type { Call, LinkedCheck, ProviderContext } from '../../provider-contract.ts';
import { parseGroupPatch, parseGroupPut } from './group-request.ts';
import { readSettings } from './settings.ts';

const write = 'Microsoft.Management/managementGroups/write';

/**
 * Whether the caller may make a group although it has no permission at what does not exist yet: every user and application of
 * the tenant may below the root, unless the settings want the permission at the root; managed identities need it always.
 * @see https://learn.microsoft.com/azure/governance/management-groups/how-to/protect-resource-hierarchy
 */
export async function mayCreate(context: ProviderContext, call: Call): Promise<boolean> {
  const { store, authorizer, hierarchy } = context;
  const id = formatManagementGroupId(call.params['groupId'] ?? '');
  if ((await store.get(documentKey(id))) !== undefined) return false;
  const parent = parentAsked(call);
  const { caller, facts } = call;
  const may = (scope: string) =>
    authorizer.decide({ principalId: caller.objectId, action: write, scope, facts }).allowed;
  if (parent !== undefined && may(parent)) return true;
  const { requireAuthorizationForGroupCreation: closed = false } = await readSettings(context);
  return may(hierarchy.root) || (!closed && call.caller.identityResourceId === undefined);
}

/** A group is put below another only by who may write that one, and taken out of one by who may write it; the root is free. */
export async function linkedOfGroup(context: ProviderContext, call: Call): Promise<readonly LinkedCheck[]> {
  const { store, hierarchy } = context;
  const id = formatManagementGroupId(call.params['groupId'] ?? '');
  const target = parentAsked(call);
  if (target === undefined) return [];
  const [current] = (await store.get(documentKey(id))) === undefined ? [] : hierarchy.ancestorsOf(id);
  if (current !== undefined && sameId(current, target)) return [];
  return [target, ...(current === undefined ? [] : [current])]
    .filter((scope) => scope !== '/' && !sameId(scope, hierarchy.root))
    .map((scope) => ({ action: write, scope }));
}

/** A subscription is moved by who may write it and assign roles at it, and may write the group that it leaves; the root is free. */
export async function linkedOfSubscription(
  { hierarchy }: ProviderContext,
  call: Call,
): Promise<readonly LinkedCheck[]> {
  const scope = formatSubscriptionId(call.params['subscriptionId'] ?? '');
  const [current = '/'] = hierarchy.ancestorsOf(scope);
  const own = [write, 'Microsoft.Authorization/roleAssignments/write'].map((action) => ({ action, scope }));
  return sameId(current, hierarchy.root) ? own : [...own, { action: write, scope: current }];
}

/** Whether the call is about the root, to which everybody may move a subscription that is theirs. */
export function isToRoot({ directory }: ProviderContext, { params }: Call): boolean {
  return params['groupId']?.toLowerCase() === directory.tenant.tenantId.toLowerCase();
}

function parentAsked(call: Call): string | undefined {
  const name = call.params['groupId'] ?? '';
  const isPatch = isJsonObject(call.body) && 'parentGroupId' in call.body;
  const asked = isPatch ? parseGroupPatch(call.body) : parseGroupPut(name, call.body);
  return isRefusal(asked) || asked.parent === undefined ? undefined : formatManagementGroupId(asked.parent);
}
