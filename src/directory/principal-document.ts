import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { PasswordCredential, ServicePrincipal } from '../core/ports/directory.ts';
import { type DocumentKey, documentKey } from '../core/ports/store.ts';
import type { EpochMillis } from '../core/time.ts';

/** Where the store keeps the service principals. */
export const principalsRoot = documentKey('/directory/serviceprincipals');

/** The store's key of a service principal. */
export function principalDocument(objectId: string): DocumentKey {
  return documentKey(`${principalsRoot}/${objectId}`);
}

/** A service principal as the store keeps it. */
export function formatPrincipal(principal: ServicePrincipal): JsonObject {
  const passwordCredentials = principal.passwordCredentials.map((credential) => ({ ...credential }));
  return { ...principal, passwordCredentials };
}

/** A service principal from its stored document. */
export function parsePrincipal(document: JsonObject): ServicePrincipal {
  const { resourceId, passwordCredentials } = document;
  const credentials = Array.isArray(passwordCredentials) ? passwordCredentials : [];
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
    passwordCredentials: credentials.filter(isJsonObject).map(parseCredential),
    createdAt: time(document['createdAt']),
  };
}

function parseCredential(credential: JsonObject): PasswordCredential {
  return {
    keyId: text(credential['keyId']),
    displayName: text(credential['displayName']),
    hint: text(credential['hint']),
    secretSha256: text(credential['secretSha256']),
    startMillis: time(credential['startMillis']),
    endMillis: time(credential['endMillis']),
  };
}

function text(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error('a stored service principal lacks a text that every one has');
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function time(value: Json | undefined): EpochMillis {
  if (typeof value === 'number') return value as EpochMillis;
  throw new Error('a stored service principal lacks a time that every one has');
}
