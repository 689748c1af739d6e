import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Directory, FederatedCredential } from '../core/ports/directory.ts';
import { type Change, type DocumentKey, documentKey, type Store } from '../core/ports/store.ts';
import { follow } from './follow.ts';

/** Where the store keeps federated credentials: below their owner's object id, by name. */
export const federatedCredentialsRoot = documentKey('/directory/federatedcredentials');

/** The federated credentials of applications and of managed identities, in memory. */
export interface FederatedCredentialIndex
  extends Pick<Directory, 'federatedCredentialsOf' | 'planFederatedCredential' | 'planFederatedCredentialRemoval'> {
  /** The write that takes away all that an owner has. */
  planAllRemoval(ownerObjectId: string): { readonly removeTree: DocumentKey };
}

/** Opens the index over a store and follows it. */
export async function openFederatedCredentials(store: Store): Promise<FederatedCredentialIndex> {
  const byKey = new Map<DocumentKey, FederatedCredential>();
  const byOwner = new Map<string, Set<DocumentKey>>();
  const apply = ({ key, after }: Change): void => {
    const owner = ownerOf(key);
    if (owner === undefined) return;
    const keys = byOwner.get(owner) ?? new Set();
    if (after === undefined) {
      byKey.delete(key);
      keys.delete(key);
    } else {
      byKey.set(key, parseCredential(after.body));
      keys.add(key);
    }
    if (keys.size === 0) byOwner.delete(owner);
    else byOwner.set(owner, keys);
  };
  await follow(store, federatedCredentialsRoot, apply);
  return {
    federatedCredentialsOf: (owner) =>
      [...(byOwner.get(owner.toLowerCase()) ?? [])].toSorted().flatMap((key) => byKey.get(key) ?? []),
    planFederatedCredential: (owner, credential) => [
      { put: keyOf(owner, credential.name), body: formatCredential(credential) },
    ],
    planFederatedCredentialRemoval: (owner, name) =>
      byKey.has(keyOf(owner, name)) ? [{ remove: keyOf(owner, name) }] : [],
    planAllRemoval: (owner) => ({ removeTree: documentKey(`${federatedCredentialsRoot}/${owner}`) }),
  };
}

function keyOf(owner: string, name: string): DocumentKey {
  return documentKey(`${federatedCredentialsRoot}/${owner}/${name}`);
}

function ownerOf(key: DocumentKey): string | undefined {
  const root = `${federatedCredentialsRoot}/`;
  return key.startsWith(root) ? key.slice(root.length).split('/')[0] : undefined;
}

function formatCredential(credential: FederatedCredential): JsonObject {
  return { ...credential, audiences: [...credential.audiences] };
}

function parseCredential(body: JsonObject): FederatedCredential {
  if (!isJsonObject(body) || !Array.isArray(body['audiences'])) {
    throw new Error('a stored federated credential lacks its audiences');
  }
  const { description } = body;
  return {
    id: String(body['id']),
    name: String(body['name']),
    issuer: String(body['issuer']),
    subject: String(body['subject']),
    audiences: body['audiences'].map(String),
    ...(typeof description === 'string' ? { description } : {}),
  };
}
