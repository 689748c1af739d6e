import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { KeyCredential, PasswordCredential } from '../core/ports/directory.ts';
import { type DocumentKey, documentKey } from '../core/ports/store.ts';
import type { EpochMillis } from '../core/time.ts';
import { keys, passwords, text, texts, time } from './stored-fields.ts';

/** An application: what a service principal of type `Application` is the local representative of. */
export interface Application {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
  /** App-id URIs: by these too a service principal of the application answers. */
  readonly identifierUris: readonly string[];
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly KeyCredential[];
  /** Object ids. */
  readonly owners: readonly string[];
  readonly createdAt: EpochMillis;
  /** Properties of Graph's application that are kept as they were given. */
  readonly properties: JsonObject;
}

/** Where the store keeps applications. */
export const applicationsRoot = documentKey('/directory/applications');

/** The store's key of an application. */
export function applicationDocument(objectId: string): DocumentKey {
  return documentKey(`${applicationsRoot}/${objectId}`);
}

/** An application as the store keeps it. */
export function formatApplication(application: Application): JsonObject {
  return JSON.parse(JSON.stringify(application));
}

/** An application from its stored document. */
export function parseApplication(document: JsonObject): Application {
  const { properties } = document;
  return {
    objectId: text(document['objectId']),
    appId: text(document['appId']),
    displayName: text(document['displayName']),
    identifierUris: texts(document['identifierUris']),
    passwordCredentials: passwords(document['passwordCredentials']),
    keyCredentials: keys(document['keyCredentials']),
    owners: texts(document['owners']),
    createdAt: time(document['createdAt']),
    properties: isJsonObject(properties) ? properties : {},
  };
}
