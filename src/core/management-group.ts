import { isJsonObject, type JsonObject } from './json.ts';
import { type DocumentKey, documentKey } from './ports/store.ts';

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

/** The folded name of the management group that a stored management group lies in; undefined for the root. */
export function parentOf(group: JsonObject): string | undefined {
  const properties = isJsonObject(group['properties']) ? group['properties'] : {};
  const details = isJsonObject(properties['details']) ? properties['details'] : {};
  const parent = isJsonObject(details['parent']) ? details['parent']['id'] : undefined;
  return typeof parent === 'string' ? managementGroupOf(parent.toLowerCase()) : undefined;
}

/** Above the list of subscriptions: `/subscriptions` itself holds every resource, too many to list for it. */
export const subscriptionEntries = documentKey('/subscription-list');

/** Where a subscription is listed; `managementGroup` names the one that it lies in, without it the root. */
export function subscriptionEntryKey(subscriptionId: string): DocumentKey {
  return documentKey(`${subscriptionEntries}/${subscriptionId}`);
}
