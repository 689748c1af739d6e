import { managementGroupOf, managementGroupsRoot } from '../../../core/management/management-group.ts';
import { isWithin, type ScopeHierarchy } from '../../../core/ports/scope-hierarchy.ts';
import { type Document, type DocumentKey, documentKey, type Store } from '../../../core/ports/store.ts';
import { foldId, parseResourceId } from '../../../core/resource-id.ts';
import type { ProviderContext } from '../../provider-contract.ts';

type Ports = Pick<ProviderContext, 'store' | 'hierarchy'>;

/** The scope and everything it lies in, folded: the tenant (``), management groups, and what its own id names. */
export function scopesFrom(hierarchy: ScopeHierarchy, scope: string): readonly string[] {
  const segments = foldId(scope).split('/').slice(1);
  const prefixes = segments.map((_, at) => `/${segments.slice(0, at + 1).join('/')}`);
  const own = prefixes.filter((prefix) => parseResourceId(prefix) !== undefined);
  return [...new Set(['', ...hierarchy.ancestorsOf(scope).map(foldId), ...own])];
}

/** Whether what is assigned at `assigned` is listed at a scope: at it, above it and, unless `atScope`, below it. */
export function isListedAt(hierarchy: ScopeHierarchy, assigned: string, scope: string, atScope: boolean): boolean {
  return isWithin(hierarchy, scope, assigned) || (!atScope && isWithin(hierarchy, assigned, scope));
}

/** Whether a scope is a management group itself. */
export function isManagementGroup(scope: string): boolean {
  const name = managementGroupOf(foldId(scope));
  return name !== undefined && foldId(scope).endsWith(`/${name}`);
}

/** The key below which a scope's own documents of a kind lie: a resource type of Microsoft.Authorization, folded. */
export function collectionKey(scope: string, kind: string): DocumentKey {
  return documentKey(`${foldId(scope)}/providers/Microsoft.Authorization/${kind}`);
}

/**
 * Reads the documents of a kind at the scope and above it and, unless `atScope`, below it, in the order of their keys: those
 * after `after`, at most `limit`. Costs what it answers.
 */
export async function listFrom(
  ports: Ports,
  { scope, kind, atScope }: { readonly scope: string; readonly kind: string; readonly atScope: boolean },
  after = '',
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly Document[]> {
  const type = `microsoft.authorization/${kind}`;
  const found: Document[] = [];
  for (const prefix of await prefixesOf(ports, scope, kind, atScope)) {
    const page = Number.isFinite(limit) ? { limit: limit - found.length } : {};
    const from = after === '' ? {} : { after: documentKey(after) };
    found.push(...(await ports.store.list(prefix, { type, ...from, ...page })));
    if (found.length >= limit) break;
  }
  return found;
}

/** Where such documents lie, in order; none of the places lies in another. */
async function prefixesOf(
  { store, hierarchy }: Ports,
  scope: string,
  kind: string,
  atScope: boolean,
): Promise<readonly DocumentKey[]> {
  const above = scopesFrom(hierarchy, scope).map((one) => collectionKey(one, kind));
  if (atScope) return above.toSorted();
  if (foldId(scope) === '') return ['/providers', '/subscriptions'].map(documentKey);
  const below = isManagementGroup(scope)
    ? [
        ...(await groupsBelow(store, hierarchy, scope, kind)),
        ...hierarchy.subscriptionsBelow(scope).map(subscriptionKey),
      ]
    : [documentKey(foldId(scope))];
  const others = above.filter((key) => key !== collectionKey(scope, kind) || isManagementGroup(scope));
  return [...new Set([...others, ...below])].toSorted();
}

async function groupsBelow(store: Store, hierarchy: ScopeHierarchy, scope: string, kind: string) {
  const groups = await store.list(managementGroupsRoot, { type: 'microsoft.management/managementgroups' });
  return groups.filter(({ key }) => isWithin(hierarchy, key, scope)).map(({ key }) => collectionKey(key, kind));
}

function subscriptionKey(subscriptionId: string): DocumentKey {
  return documentKey(`/subscriptions/${subscriptionId}`);
}
