import { isJsonObject, type JsonObject } from '../core/json.ts';
import { type DocumentKey, documentKey } from '../core/ports/store.ts';
import type { EpochMillis } from '../core/time.ts';
import { text, texts, time } from './stored-fields.ts';

/** A security group. Its members are documents of their own: a group of many changes as cheaply as one of few. */
export interface Group {
  readonly objectId: string;
  readonly displayName: string;
  readonly mailNickname: string;
  readonly description: string | null;
  /** Object ids. */
  readonly owners: readonly string[];
  readonly createdAt: EpochMillis;
  /** Properties of Graph's group that are kept as they were given. */
  readonly properties: JsonObject;
}

/** Where the store keeps groups. */
export const groupsRoot = documentKey('/directory/groups');

/** The store's key of a group. */
export function groupDocument(objectId: string): DocumentKey {
  return documentKey(`${groupsRoot}/${objectId}`);
}

/** A group as the store keeps it. */
export function formatGroup(group: Group): JsonObject {
  return { ...group, owners: [...group.owners] };
}

/** A group from its stored document. */
export function parseGroup(document: JsonObject): Group {
  const { description, properties } = document;
  return {
    objectId: text(document['objectId']),
    displayName: text(document['displayName']),
    mailNickname: text(document['mailNickname']),
    description: typeof description === 'string' ? description : null,
    owners: texts(document['owners']),
    createdAt: time(document['createdAt']),
    properties: isJsonObject(properties) ? properties : {},
  };
}
