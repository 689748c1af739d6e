import type { ServicePrincipal } from '../core/ports/directory.ts';
import type { DocumentKey, Store } from '../core/ports/store.ts';
import { parsePrincipal, principalsRoot } from './principal-document.ts';

/** The service principals in memory. GUIDs and names are found in any letter case. */
export interface PrincipalIndex {
  byObjectId(objectId: string): ServicePrincipal | undefined;
  byAppId(appId: string): ServicePrincipal | undefined;
  byName(name: string): ServicePrincipal | undefined;
  /** By display name, then object id. */
  all(): readonly ServicePrincipal[];
}

/** The three ways in which a principal is found. */
interface Tables {
  readonly objectId: Map<string, ServicePrincipal>;
  readonly appId: Map<string, ServicePrincipal>;
  readonly name: Map<string, ServicePrincipal>;
}

/**
 * Opens the index over a store. It watches before it lists, so that no write falls between; what the watch has told of a key
 * is newer than the list.
 */
export async function openPrincipalIndex(store: Store): Promise<PrincipalIndex> {
  const tables: Tables = { objectId: new Map(), appId: new Map(), name: new Map() };
  const told = new Set<DocumentKey>();
  let loading = true;
  let ordered: readonly ServicePrincipal[] | undefined;
  store.watch((changes) => {
    for (const { key, before, after } of changes) {
      if (!key.startsWith(`${principalsRoot}/`)) continue;
      ordered = undefined;
      if (loading) told.add(key);
      if (before !== undefined) remove(tables, parsePrincipal(before.body));
      if (after !== undefined) add(tables, parsePrincipal(after.body));
    }
  });
  const documents = await store.list(principalsRoot);
  for (const { key, body } of documents) if (!told.has(key)) add(tables, parsePrincipal(body));
  loading = false;
  return {
    byObjectId: (objectId) => tables.objectId.get(objectId.toLowerCase()),
    byAppId: (appId) => tables.appId.get(appId.toLowerCase()),
    byName: (name) => tables.name.get(name.toLowerCase()),
    all: () => {
      ordered ??= [...tables.objectId.values()].sort(compare);
      return ordered;
    },
  };
}

function add(tables: Tables, principal: ServicePrincipal): void {
  tables.objectId.set(principal.objectId.toLowerCase(), principal);
  tables.appId.set(principal.appId.toLowerCase(), principal);
  for (const name of principal.servicePrincipalNames) tables.name.set(name.toLowerCase(), principal);
}

function remove(tables: Tables, principal: ServicePrincipal): void {
  tables.objectId.delete(principal.objectId.toLowerCase());
  tables.appId.delete(principal.appId.toLowerCase());
  for (const name of principal.servicePrincipalNames.map((spelled) => spelled.toLowerCase())) {
    if (tables.name.get(name)?.objectId === principal.objectId) tables.name.delete(name);
  }
}

function compare(a: ServicePrincipal, b: ServicePrincipal): number {
  if (a.displayName !== b.displayName) return a.displayName < b.displayName ? -1 : 1;
  return a.objectId < b.objectId ? -1 : 1;
}
