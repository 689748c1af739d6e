import type { JsonObject } from '../../../core/json.ts';
import { formatManagementGroupId, type ManagementGroup } from '../../../core/management/management-group.ts';
import type { ManagementTree, PlacedSubscription } from '../../../core/management/management-tree.ts';
import { pageOf } from '../../../core/paging.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import type { Entity } from './entity.ts';
import { parseEntityQuery } from './entity-query.ts';
import { readTree } from './tree.ts';

/** The groups and subscriptions that the caller has access to, and, without access, the groups that these lie in. */
export async function listEntities(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const query = parseEntityQuery(call.query);
  if (isRefusal(query)) return query;
  const tree = await readTree(context);
  const all = [...tree.groups(), ...tree.subscriptions()].map((item) => entityOf(context, tree, item, call));
  const visible = all.filter(({ access }) => access !== 'noaccess');
  const shownNames = new Set(visible.flatMap(({ name, above }) => [name, ...above.map((group) => group.name)]));
  const shown = all.filter(({ name }) => shownNames.has(name)).filter((entity) => query(entity));
  const sorted = shown.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(Number(call.query.get('$skip') ?? 0) || 0);
  const page = pageOf(
    sorted.map((entity) => show(tree, entity)),
    (entity) => String(entity['id']),
    call,
  );
  return isRefusal(page) ? page : { status: 200, body: { ...page, count: page.value.length } };
}

function entityOf(
  { authorizer }: ProviderContext,
  tree: ManagementTree,
  item: ManagementGroup | PlacedSubscription,
  { caller, facts }: Call,
): Entity {
  const isGroup = !('subscriptionId' in item);
  const id = isGroup ? item.id : formatSubscriptionId(item.subscriptionId);
  const type = isGroup ? 'Microsoft.Management/managementGroups' : 'Microsoft.Resources/subscriptions';
  const may = (verb: string) =>
    authorizer.decide({ principalId: caller.objectId, action: `${type}/${verb}`, scope: id, facts }).allowed;
  const access = may('delete') ? 'delete' : may('write') ? 'edit' : may('read') ? 'view' : 'noaccess';
  if (isGroup) return { item, id, name: item.name, above: tree.ancestorsOf(item.name), access };
  const own = tree.group(item.managementGroup);
  const above = own === undefined ? [] : [own, ...tree.ancestorsOf(own.name)];
  return { item, id, name: item.subscriptionId, above, access };
}

/** @see Microsoft.Management swagger 2021-04-01, EntityInfo */
function show(tree: ManagementTree, { item, id, name, above, access }: Entity): JsonObject {
  const groups = 'subscriptionId' in item ? [] : tree.childrenOf(name);
  const subscriptions = 'subscriptionId' in item ? [] : tree.subscriptionsIn(name);
  const [parent] = above;
  const rootFirst = above.toReversed();
  return {
    id,
    type: 'subscriptionId' in item ? '/subscriptions' : 'Microsoft.Management/managementGroups',
    name,
    properties: {
      tenantId: tree.root.tenantId,
      displayName: item.displayName,
      parent: { id: parent === undefined ? null : formatManagementGroupId(parent.name) },
      permissions: access,
      inheritedPermissions: access,
      numberOfDescendants: 'subscriptionId' in item ? 0 : tree.descendantsOf(name).length,
      numberOfChildren: groups.length + subscriptions.length,
      numberOfChildGroups: groups.length,
      parentDisplayNameChain: rootFirst.map(({ displayName }) => displayName),
      parentNameChain: rootFirst.map((group) => group.name),
    },
  };
}
