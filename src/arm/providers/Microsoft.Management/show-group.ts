import type { JsonObject } from '../../../core/json.ts';
import { formatManagementGroupId, type ManagementGroup } from '../../../core/management/management-group.ts';
import type { ManagementTree, PlacedSubscription } from '../../../core/management/management-tree.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';

/** What of a group is shown beside itself. */
export interface Expansion {
  readonly children?: 'direct' | 'all';
  /** Leaves the subscriptions out of the children. */
  readonly groupsOnly?: boolean;
  readonly path?: boolean;
  readonly ancestors?: boolean;
}

/** The type of a management group as a version writes it: before 2020-02-01 with the path before it. */
export function typeOfGroup(apiVersion: string): string {
  return `${apiVersion < '2020-02-01' ? '/providers/' : ''}Microsoft.Management/managementGroups`;
}

/** A group as a GET answers it. @see Microsoft.Management swagger 2021-04-01, ManagementGroup */
export function showGroup(
  tree: ManagementTree,
  group: ManagementGroup,
  apiVersion: string,
  expansion: Expansion = {},
): JsonObject {
  const { version, updatedTime, updatedBy, tenantId, displayName } = group;
  const ancestors = tree.ancestorsOf(group.name);
  const [parent] = ancestors;
  const details: JsonObject = {
    version,
    updatedTime,
    updatedBy,
    ...(parent === undefined ? {} : { parent: { id: parent.id, name: parent.name, displayName: parent.displayName } }),
    ...(expansion.path === true ? { path: [group, ...ancestors].toReversed().map(step) } : {}),
    ...(expansion.ancestors === true
      ? {
          managementGroupAncestors: ancestors.map(({ name }) => name),
          managementGroupAncestorsChain: ancestors.map(step),
        }
      : {}),
  };
  const children =
    expansion.children === undefined ? {} : { children: showChildren(tree, group.name, apiVersion, expansion) };
  return {
    id: group.id,
    type: typeOfGroup(apiVersion),
    name: group.name,
    properties: { tenantId, displayName, details, ...children },
  };
}

/** A group in a list. */
export function showInfo(group: ManagementGroup, apiVersion: string): JsonObject {
  const { id, name, tenantId, displayName } = group;
  return { id, type: typeOfGroup(apiVersion), name, properties: { tenantId, displayName } };
}

/** A subscription below its group. @see Microsoft.Management swagger 2021-04-01, SubscriptionUnderManagementGroup */
export function showSubscription(subscription: PlacedSubscription, tenantId: string): JsonObject {
  const { subscriptionId, displayName, state, managementGroup } = subscription;
  const parent = formatManagementGroupId(managementGroup);
  return {
    name: subscriptionId,
    id: `${parent}/subscriptions/${subscriptionId}`,
    type: 'Microsoft.Management/managementGroups/subscriptions',
    properties: {
      displayName,
      parent: { id: parent },
      state: state === 'Enabled' ? 'Active' : state,
      tenant: tenantId,
    },
  };
}

/** A group or subscription in a list of descendants. */
export function showDescendant(tree: ManagementTree, item: ManagementGroup | PlacedSubscription): JsonObject {
  if ('subscriptionId' in item) {
    const { subscriptionId: name, displayName, managementGroup } = item;
    const parent = { id: formatManagementGroupId(managementGroup) };
    const type = 'Microsoft.Management/managementGroups/subscriptions';
    return { id: formatSubscriptionId(name), type, name, properties: { displayName, parent } };
  }
  const { id, name, displayName } = item;
  const [parent] = tree.ancestorsOf(name);
  const properties = { displayName, ...(parent === undefined ? {} : { parent: { id: parent.id } }) };
  return { id, type: 'Microsoft.Management/managementGroups', name, properties };
}

function showChildren(
  tree: ManagementTree,
  name: string,
  apiVersion: string,
  expansion: Expansion,
): readonly JsonObject[] {
  const groups = tree.childrenOf(name).map((child): JsonObject => {
    const below = expansion.children === 'all' ? showChildren(tree, child.name, apiVersion, expansion) : [];
    const { id, displayName } = child;
    const type = typeOfGroup(apiVersion);
    return { type, id, name: child.name, displayName, ...(below.length === 0 ? {} : { children: below }) };
  });
  if (expansion.groupsOnly === true) return groups;
  const subscriptions = tree.subscriptionsIn(name).map(({ subscriptionId, displayName }) => ({
    type: '/subscriptions',
    id: formatSubscriptionId(subscriptionId),
    name: subscriptionId,
    displayName,
  }));
  return [...groups, ...subscriptions];
}

function step({ name, displayName }: ManagementGroup): JsonObject {
  return { name, displayName };
}
