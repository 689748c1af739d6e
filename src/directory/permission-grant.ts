import type { JsonObject } from '../core/json.ts';
import { type DocumentKey, documentKey } from '../core/ports/store.ts';
import { derivedId } from './derived-id.ts';
import { text } from './stored-fields.ts';

/**
 * What a client may do on a resource for users (delegated permissions), for all of them: this directory has no users, so that it
 * is kept and shown, and gives nothing.
 */
export interface PermissionGrant {
  /** Object id of the client's service principal. */
  readonly clientId: string;
  /** Object id of the resource's service principal. */
  readonly resourceId: string;
  /** Names of permissions, with a space between two. */
  readonly scope: string;
}

/** Where the store keeps grants: below the client's object id, with which they go and come back. */
export const permissionGrantsRoot = documentKey('/directory/permissiongrants');

/** The id of a grant: a client has one on each resource. */
export function permissionGrantId({ clientId, resourceId }: Omit<PermissionGrant, 'scope'>): string {
  return derivedId(`${clientId}/${resourceId}`);
}

/** The store's key of a grant. */
export function permissionGrantDocument(grant: Omit<PermissionGrant, 'scope'>): DocumentKey {
  return documentKey(`${permissionGrantsRoot}/${grant.clientId}/${permissionGrantId(grant)}`);
}

/** A grant from its stored document. */
export function parsePermissionGrant(document: JsonObject): PermissionGrant {
  return {
    clientId: text(document['clientId']),
    resourceId: text(document['resourceId']),
    scope: text(document['scope']),
  };
}
