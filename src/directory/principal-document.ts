import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { ServicePrincipal } from '../core/ports/directory.ts';
import { type DocumentKey, documentKey } from '../core/ports/store.ts';
import { grants, keys, passwords, text, texts, time } from './stored-fields.ts';

/** Where the store keeps the service principals. */
export const principalsRoot = documentKey('/directory/serviceprincipals');

/** The store's key of a service principal. */
export function principalDocument(objectId: string): DocumentKey {
  return documentKey(`${principalsRoot}/${objectId}`);
}

/** A service principal as the store keeps it. */
export function formatPrincipal(principal: ServicePrincipal): JsonObject {
  return JSON.parse(JSON.stringify(principal));
}

/** A service principal from its stored document. */
export function parsePrincipal(document: JsonObject): ServicePrincipal {
  const { resourceId, properties } = document;
  return {
    objectId: text(document['objectId']),
    appId: text(document['appId']),
    displayName: text(document['displayName']),
    servicePrincipalType: document['servicePrincipalType'] === 'ManagedIdentity' ? 'ManagedIdentity' : 'Application',
    accountEnabled: document['accountEnabled'] === true,
    alternativeNames: texts(document['alternativeNames']),
    servicePrincipalNames: texts(document['servicePrincipalNames']),
    ...(typeof resourceId === 'string' ? { resourceId } : {}),
    appRoles: texts(document['appRoles']),
    ...given('appRoleGrants', grants(document['appRoleGrants'])),
    passwordCredentials: passwords(document['passwordCredentials']),
    ...given('keyCredentials', keys(document['keyCredentials'])),
    ...given('owners', texts(document['owners'])),
    ...(isJsonObject(properties) ? { properties } : {}),
    createdAt: time(document['createdAt']),
  };
}

/** A list under its name, left out when it is empty. */
function given<Name extends string, Item>(name: Name, list: readonly Item[]): Partial<Record<Name, readonly Item[]>> {
  return list.length === 0 ? {} : ({ [name]: list } as Record<Name, readonly Item[]>);
}
