import type { JsonObject } from '../../../core/json.ts';
import { pageOf } from '../../../core/paging.ts';
import type { FederatedCredential } from '../../../core/ports/directory.ts';
import { type Document, documentKey, type Write } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { nameOf } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { idsOf } from './identity-document.ts';

// The federated credentials of user-assigned identities. The directory keeps them beside the identity's principal, where the
// token service finds them; Resource Manager is the door through which they are written.

/** The identity that a call's credential belongs to, and what it has. */
export interface FederatedOwner {
  readonly identityId: string;
  readonly document: Document;
  readonly principalId: string;
  readonly existing: readonly FederatedCredential[];
}

/** Finds the identity. Refuses `ParentResourceNotFound`. */
export async function findOwner({ store, directory }: ProviderContext, call: Call): Promise<FederatedOwner | Refusal> {
  const identityId = call.resourceId.replace(/\/federatedIdentityCredentials(\/[^/]*)?$/i, '');
  const document = await store.get(documentKey(identityId));
  if (document === undefined) return refuseParent(identityId);
  const { principalId } = idsOf(document.body);
  return { identityId, document, principalId, existing: directory.federatedCredentialsOf(principalId) };
}

/** The credential of the call's name, in any letter case. */
export function findCredential({ existing }: FederatedOwner, call: Call): FederatedCredential | undefined {
  const name = nameOf(call.resourceId).toLowerCase();
  return existing.find((credential) => credential.name.toLowerCase() === name);
}

/** A federated credential as Resource Manager shows it. */
export function showCredential({ identityId }: FederatedOwner, credential: FederatedCredential): JsonObject {
  const { name, issuer, subject, audiences } = credential;
  return {
    id: `${identityId}/federatedIdentityCredentials/${name}`,
    name,
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    properties: { issuer, subject, audiences: [...audiences] },
  };
}

/** The federated credentials of an identity, a page at a time (`$top`, `$skiptoken`). */
export async function listCredentials(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const owner = await findOwner(context, call);
  if (isRefusal(owner)) return owner;
  const shown = owner.existing.map((credential) => showCredential(owner, credential));
  const page = pageOf(shown, (credential) => String(credential['name']).toLowerCase(), call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** One federated credential. Refuses `NotFound`. */
export async function getCredential(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const owner = await findOwner(context, call);
  if (isRefusal(owner)) return owner;
  const found = findCredential(owner, call);
  if (found !== undefined) return { status: 200, body: showCredential(owner, found) };
  return refuse('NotFound', `The federated identity credential '${nameOf(call.resourceId)}' was not found.`);
}

/** Deletes a federated credential: 200, or 204 when there is none. */
export async function deleteCredential(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const owner = await findOwner(context, call);
  if (isRefusal(owner)) return owner;
  const found = findCredential(owner, call);
  if (found === undefined) return { status: 204 };
  const writes = context.directory.planFederatedCredentialRemoval(owner.principalId, found.name);
  return (await commitAlone(context, owner, writes)) ?? { status: 200 };
}

/**
 * Commits one identity's writes unless another request has written its credentials since they were read. INVARIANT: the
 * identity's own document is written with them, so that uniqueness and number hold, and no credential outlives its identity.
 */
export async function commitAlone(
  { store }: ProviderContext,
  { identityId, document }: FederatedOwner,
  writes: readonly Write[],
): Promise<Refusal | undefined> {
  const guard: Write = { put: document.key, body: document.body, when: { etag: document.etag } };
  if (!('conflict' in (await store.transact([guard, ...writes])))) return undefined;
  return refuse(
    'ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity',
    `Too many Federated Identity Credentials are written concurrently for the managed identity '${identityId}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
  );
}

function refuseParent(identityId: string): Refusal {
  return refuse(
    'ParentResourceNotFound',
    `Failed to perform the operation on resource(s) of type 'userAssignedIdentities/federatedIdentityCredentials', because the parent resource '${identityId}' could not be found.`,
  );
}
