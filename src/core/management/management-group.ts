import { isJsonObject, type JsonObject } from '../json.ts';
import { type DocumentKey, documentKey } from '../ports/store.ts';
import { type EpochMillis, formatArmTime } from '../time.ts';

const prefix = '/providers/Microsoft.Management/managementGroups';
const foldedPrefix = `${prefix.toLowerCase()}/`;

/** The store's word for the type of a management group, folded. */
export const managementGroupType = 'microsoft.management/managementgroups';

/** Above every management group's document. */
export const managementGroupsRoot = documentKey(prefix);

/** `/providers/Microsoft.Management/managementGroups/{name}`. */
export function formatManagementGroupId(name: string): string {
  return `${prefix}/${name}`;
}

/** The folded name of the management group that a folded scope is or lies in; undefined for other scopes. */
export function managementGroupOf(foldedScope: string): string | undefined {
  if (!foldedScope.startsWith(foldedPrefix)) return undefined;
  const end = foldedScope.indexOf('/', foldedPrefix.length);
  return foldedScope.slice(foldedPrefix.length, end < 0 ? undefined : end);
}

/** A management group, as its document says it. */
export interface ManagementGroup {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly tenantId: string;
  /** The name of the one that it lies in; undefined for the root. */
  readonly parent?: string;
  /** The number of the change of the tree that wrote it. */
  readonly version: number;
  readonly updatedTime: string;
  /** The object id of who wrote it. */
  readonly updatedBy: string;
}

/** The group at the top of the tenant, which is named after it. */
export function rootManagementGroup(tenantId: string, now: EpochMillis): ManagementGroup {
  return {
    id: formatManagementGroupId(tenantId),
    name: tenantId,
    displayName: 'Tenant Root Group',
    tenantId,
    version: 1,
    updatedTime: formatArmTime(now),
    updatedBy: tenantId,
  };
}

/** The document that a group is kept as. */
export function formatManagementGroup(group: ManagementGroup): JsonObject {
  const { id, name, displayName, tenantId, parent, version, updatedTime, updatedBy } = group;
  const above = parent === undefined ? {} : { parent: { id: formatManagementGroupId(parent) } };
  const properties = { tenantId, displayName, details: { version, updatedTime, updatedBy, ...above } };
  return { id, type: 'Microsoft.Management/managementGroups', name, properties };
}

/** A group out of the store, where only `formatManagementGroup` has written. */
export function parseManagementGroup(body: JsonObject): ManagementGroup {
  const properties = objectOf(body['properties']);
  const details = objectOf(properties['details']);
  const parent = objectOf(details['parent'])['id'];
  return {
    id: String(body['id']),
    name: String(body['name']),
    displayName: String(properties['displayName']),
    tenantId: String(properties['tenantId']),
    ...(typeof parent === 'string' ? { parent: parent.slice(foldedPrefix.length) } : {}),
    version: Number(details['version']),
    updatedTime: String(details['updatedTime']),
    updatedBy: String(details['updatedBy']),
  };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value as JsonObject) ? (value as JsonObject) : {};
}

/** Above the list of subscriptions: `/subscriptions` itself holds every resource, too many to list for it. */
export const subscriptionEntries = documentKey('/subscription-list');

/** Where a subscription is listed; `managementGroup` names the one that it lies in, without it the root. */
export function subscriptionEntryKey(subscriptionId: string): DocumentKey {
  return documentKey(`${subscriptionEntries}/${subscriptionId}`);
}
