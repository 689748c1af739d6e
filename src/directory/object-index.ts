import type { JsonObject } from '../core/json.ts';
import type { DocumentKey, Store } from '../core/ports/store.ts';
import { follow } from './follow.ts';

/** A kind of directory object as it is indexed: where it is kept, and how it is read. */
export interface ObjectKind<Item> {
  readonly root: DocumentKey;
  parse(document: JsonObject): Item;
  /** A second name by which an object is found. */
  aliasOf?(item: Item): string;
}

/** Directory objects of one kind in memory, by object id without regard to case. */
export interface ObjectIndex<Item> {
  get(objectId: string): Item | undefined;
  /** By its second name, without regard to case. */
  byAlias(alias: string): Item | undefined;
  /** By display name, then object id. */
  all(): readonly Item[];
}

/** Opens an index over a store and follows it. */
export async function openObjectIndex<Item extends { readonly objectId: string; readonly displayName: string }>(
  store: Store,
  { root, parse, aliasOf }: ObjectKind<Item>,
): Promise<ObjectIndex<Item>> {
  const items = new Map<DocumentKey, Item>();
  const aliases = new Map<string, DocumentKey>();
  let ordered: readonly Item[] | undefined;
  await follow(store, root, ({ key, after }) => {
    ordered = undefined;
    const before = items.get(key);
    if (before !== undefined && aliasOf !== undefined) aliases.delete(aliasOf(before).toLowerCase());
    if (after === undefined) return void items.delete(key);
    const item = parse(after.body);
    items.set(key, item);
    if (aliasOf !== undefined) aliases.set(aliasOf(item).toLowerCase(), key);
  });
  return {
    byAlias: (alias) => {
      const key = aliases.get(alias.toLowerCase());
      return key === undefined ? undefined : items.get(key);
    },
    get: (objectId) => items.get(`${root}/${objectId.toLowerCase()}` as DocumentKey),
    all: () => {
      ordered ??= [...items.values()].sort(compare);
      return ordered;
    },
  };
}

function compare(a: { displayName: string; objectId: string }, b: typeof a): number {
  if (a.displayName !== b.displayName) return a.displayName < b.displayName ? -1 : 1;
  return a.objectId < b.objectId ? -1 : 1;
}
