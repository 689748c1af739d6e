import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { loadPage } from '../../../core/paging.ts';
import { documentKey } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { containerOf } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { identityType, idsOf, showIdentity } from './identity-document.ts';
import { identityNotFound } from './put-identity.ts';

/** One user-assigned identity. Refuses `ResourceNotFound`. */
export async function getIdentity({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const found = await store.get(documentKey(call.resourceId));
  return found === undefined
    ? identityNotFound(call)
    : { status: 200, body: showIdentity(found.body, call.apiVersion) };
}

/** The user-assigned identities of a resource group or subscription. */
export async function listIdentities({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const container = documentKey(containerOf(call.params));
  const type = identityType.toLowerCase();
  const page = await loadPage(
    (after, limit) => store.list(container, { type, after: documentKey(after), limit }),
    { keyOf: ({ key }) => key, show: ({ body }) => showIdentity(body, call.apiVersion) },
    call,
  );
  return isRefusal(page) ? page : { status: 200, body: page };
}

/**
 * Deletes an identity and its principal together, assigned or not: the machines that have it keep a name that leads
 * nowhere, and its role assignments stay, as in Azure. 204 when there is none.
 */
export async function deleteIdentity({ store, directory }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const key = documentKey(call.resourceId);
  const found = await store.get(key);
  if (found === undefined) return { status: 204 };
  const principal = directory.planDeletion(idsOf(found.body).principalId);
  const committed = await store.transact([
    { remove: key, when: { etag: found.etag } },
    { removeTree: key },
    ...principal,
  ]);
  if (!('conflict' in committed)) return { status: 200 };
  return refuse('Conflict', `Another request changed '${call.resourceId}' at the same time. Send the request again.`);
}

/**
 * The system-assigned identity of the resource that `{scope}` names. Refuses `ResourceNotFound` for one without.
 * @see Microsoft.ManagedIdentity 2024-11-30, SystemAssignedIdentities_GetByScope
 */
export async function getDefaultIdentity({ store, directory }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const scope = call.params['scope'] ?? '/';
  const resource = (await store.get(documentKey(scope)))?.body;
  const identity = resource?.['identity'];
  const principalId = isJsonObject(identity) ? identity['principalId'] : undefined;
  const principal = typeof principalId === 'string' ? directory.servicePrincipal(principalId) : undefined;
  if (resource === undefined || principal === undefined) {
    return refuse('ResourceNotFound', `The resource '${scope}' has no system-assigned identity.`);
  }
  const body: JsonObject = {
    id: `${scope}/providers/Microsoft.ManagedIdentity/identities/default`,
    name: 'default',
    type: 'Microsoft.ManagedIdentity/identities',
    location: resource['location'] ?? 'global',
    tags: resource['tags'] ?? {},
    properties: {
      tenantId: directory.tenant.tenantId,
      principalId: principal.objectId,
      clientId: principal.appId,
    },
  };
  return { status: 200, body };
}
