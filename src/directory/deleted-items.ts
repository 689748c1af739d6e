import { isJsonObject, type JsonObject } from '../core/json.ts';
import { type Document, type DocumentKey, documentKey, type Write } from '../core/ports/store.ts';
import type { EpochMillis } from '../core/time.ts';
import { objects, text, time } from './stored-fields.ts';

/** The kinds of objects that can be restored. */
export type DeletableKind = 'application' | 'servicePrincipal' | 'group';

/** A deleted object, for as long as it can be restored: the documents that come back with it, as they were. */
export interface DeletedItem {
  readonly objectId: string;
  readonly displayName: string;
  readonly kind: DeletableKind;
  readonly deletedAt: EpochMillis;
  readonly documents: readonly { readonly key: DocumentKey; readonly body: JsonObject }[];
}

/** Days for which a deleted object can be restored. @see https://learn.microsoft.com/graph/api/resources/directory */
const retentionDays = 30;

/** Where the store keeps deleted objects. */
export const deletedItemsRoot = documentKey('/directory/deleteditems');

/** The store's key of a deleted object. */
export function deletedItemDocument(objectId: string): DocumentKey {
  return documentKey(`${deletedItemsRoot}/${objectId}`);
}

/** Whether a deleted object can still be restored. */
export function isRestorable({ deletedAt }: DeletedItem, now: EpochMillis): boolean {
  return now < deletedAt + retentionDays * 24 * 60 * 60 * 1000;
}

/** The writes that move an object's documents among the deleted items; the first must be the object's own, unchanged since. */
export function planDeletion(
  item: Omit<DeletedItem, 'documents'>,
  [own, ...others]: readonly [Document, ...Document[]],
): readonly Write[] {
  const documents = [own, ...others].map(({ key, body }) => ({ key, body }));
  return [
    { remove: own.key, when: { etag: own.etag } },
    ...others.map(({ key }) => ({ remove: key })),
    { put: deletedItemDocument(item.objectId), body: { ...item, documents } },
  ];
}

/** The writes that bring a deleted object back. A document whose place was taken meanwhile is a conflict. */
export function planRestoration({ objectId, documents }: DeletedItem): readonly Write[] {
  const when = { absent: true } as const;
  return [
    ...documents.map(({ key, body }) => ({ put: key, body, when })),
    { remove: deletedItemDocument(objectId), when: { exists: true } },
  ];
}

/** A deleted object from its stored document. */
export function parseDeletedItem(document: JsonObject): DeletedItem {
  return {
    objectId: text(document['objectId']),
    displayName: text(document['displayName']),
    kind: text(document['kind']) as DeletableKind,
    deletedAt: time(document['deletedAt']),
    documents: objects(document['documents']).map(({ key, body }) => ({
      key: text(key) as DocumentKey,
      body: isJsonObject(body) ? body : {},
    })),
  };
}
