import { documentKey, type Store } from '../../core/ports/store.ts';
import type { Refusal } from '../../core/refusal.ts';
import { parseResourceId } from '../../core/resource-id.ts';
import { parentNotFound } from './generic-refusals.ts';

/**
 * Whether what a resource is to lie in exists: the parent of a child, the resource that an extension is of. A step of the
 * name `default` (a storage account's `blobServices/default`) comes with its parent. Refuses `ParentResourceNotFound`.
 */
export async function judgeParent(store: Store, resourceId: string): Promise<Refusal | undefined> {
  const parent = parentOf(resourceId);
  if (parent === undefined || (await store.get(documentKey(parent))) !== undefined) return undefined;
  return /\/default$/i.test(parent) && parseResourceId(parent)?.provider?.steps.length !== 1
    ? judgeParent(store, parent)
    : parentNotFound(parent);
}

/** The resource that an id lies directly in; undefined below a group, a subscription or the tenant: those have been asked. */
function parentOf(resourceId: string): string | undefined {
  const provider = parseResourceId(resourceId)?.provider;
  if (provider === undefined) return undefined;
  if (provider.steps.length > 1) return resourceId.split('/').slice(0, -2).join('/');
  return parseResourceId(provider.scope)?.provider === undefined ? undefined : provider.scope;
}
