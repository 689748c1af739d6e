import { formatManagementGroupId, subscriptionEntries } from '../../../core/management/management-group.ts';
import { documentKey } from '../../../core/ports/store.ts';
import { isRefusal } from '../../../core/refusal.ts';
import { formatSubscriptionId, sameId } from '../../../core/resource-id.ts';
import type { Call, LinkedCheck, ProviderContext } from '../../provider-contract.ts';
import { parseAliasRequest } from './alias-request.ts';

const write = 'Microsoft.Subscription/aliases/write';

/**
 * Whether the caller may make a subscription without a permission at the tenant: who owns one may make another, since there are
 * no billing accounts whose roles would say it. What is there already asks for no more than to be its own.
 */
export async function mayMake(context: ProviderContext, call: Call): Promise<boolean> {
  const entries = await context.store.list(subscriptionEntries);
  return entries.some(({ body }) => owns(context, call, formatSubscriptionId(String(body['subscriptionId']))));
}

/** Whether the caller may do something with an alias: its subscription is its own. One that is not there is told to be so. */
export async function mayUse({ store, authorizer }: ProviderContext, call: Call, verb: string): Promise<boolean> {
  const alias = await store.get(documentKey(call.resourceId));
  if (alias === undefined) return true;
  const scope = formatSubscriptionId(String(alias.body['subscriptionId']));
  const action = `Microsoft.Subscription/aliases/${verb}`;
  return authorizer.decide({ principalId: call.caller.objectId, action, scope, facts: call.facts }).allowed;
}

/** An alias for a subscription that there is needs it; a management group for a new one needs that group; the root is free. */
export async function linkedOfAlias(context: ProviderContext, call: Call): Promise<readonly LinkedCheck[]> {
  const { hierarchy, directory } = context;
  const asked = parseAliasRequest(call.params['aliasName'] ?? '', call.body, directory.tenant.tenantId);
  if (isRefusal(asked)) return [];
  if (asked.subscriptionId !== undefined) {
    return [{ action: write, scope: formatSubscriptionId(asked.subscriptionId) }];
  }
  const group = asked.managementGroup === undefined ? undefined : formatManagementGroupId(asked.managementGroup);
  if (group === undefined || sameId(group, hierarchy.root)) return [];
  return [{ action: 'Microsoft.Management/managementGroups/subscriptions/write', scope: group }];
}

/** An owner writes everything, and gives roles. */
function owns({ authorizer }: ProviderContext, { caller, facts }: Call, scope: string): boolean {
  return [write, 'Microsoft.Authorization/roleAssignments/write'].every(
    (action) => authorizer.decide({ principalId: caller.objectId, action, scope, facts }).allowed,
  );
}
