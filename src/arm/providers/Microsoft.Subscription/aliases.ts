import type { JsonObject } from '../../../core/json.ts';
import { formatManagementGroupId } from '../../../core/management/management-group.ts';
import { type DocumentKey, documentKey } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';
import { formatArmTime } from '../../../core/time.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { type AliasRequest, parseAliasRequest } from './alias-request.ts';

const aliases = '/providers/Microsoft.Subscription/aliases';

/** PUT of an alias: begins to make a subscription, or names one that there is. One that exists already is answered as it is. */
export async function putAlias(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const { store, directory, random } = context;
  const key = documentKey(call.resourceId);
  const existing = await store.get(key);
  if (existing !== undefined) return { status: 200, body: showAlias(existing.body) };
  const name = call.params['aliasName'] ?? '';
  const asked = parseAliasRequest(name, call.body, directory.tenant.tenantId);
  if (isRefusal(asked)) return asked;
  const refused = await judge(context, asked);
  if (refused !== undefined) return refused;
  const subscriptionId = asked.subscriptionId ?? random.uuid();
  const createdTime = formatArmTime(call.now);
  const ownerId = asked.ownerId ?? call.caller.objectId;
  const body: JsonObject = { name, ...asked, subscriptionId, ownerId, createdTime, provisioningState: 'Accepted' };
  const kept = asked.subscriptionId === undefined ? body : { ...body, provisioningState: 'Succeeded' };
  const done = await store.transact([{ put: key, body: kept, when: { absent: true } }]);
  if ('conflict' in done) return refuse('Conflict', `The alias '${name}' is being created by another request.`);
  const answer = { status: 201, body: showAlias(kept) } as const;
  return asked.subscriptionId === undefined
    ? { ...answer, work: 'createSubscription', input: { aliasKey: key } }
    : answer;
}

/** GET of an alias. */
export async function getAlias({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const found = await store.get(documentKey(call.resourceId));
  if (found !== undefined) return { status: 200, body: showAlias(found.body) };
  return refuse('NotFound', `The subscription alias '${call.params['aliasName']}' was not found.`);
}

/** DELETE of an alias; its subscription stays. */
export async function deleteAlias({ store }: ProviderContext, call: Call): Promise<Answer> {
  const done = await store.transact([{ remove: documentKey(call.resourceId), when: { exists: true } }]);
  return { status: 'conflict' in done ? 204 : 200 };
}

/** The aliases of the subscriptions that are the caller's. */
export async function listAliases({ store, authorizer }: ProviderContext, { caller, facts }: Call): Promise<Answer> {
  const all = await store.list(documentKey(aliases));
  const value = all
    .map(({ body }) => body)
    .filter((body) => {
      const scope = formatSubscriptionId(String(body['subscriptionId']));
      const action = 'Microsoft.Subscription/aliases/read';
      return authorizer.decide({ principalId: caller.objectId, action, scope, facts }).allowed;
    })
    .map(showAlias);
  return { status: 200, body: { value } };
}

/** What the work of a creation reads again: the alias as it is kept. */
export function aliasKeyOf(input: JsonObject): DocumentKey {
  return documentKey(String(input['aliasKey']));
}

/** @see Microsoft.Subscription swagger 2021-10-01, SubscriptionAliasResponse */
export function showAlias(kept: JsonObject): JsonObject {
  const { name, subscriptionId, displayName, provisioningState, billingScope, workload, createdTime } = kept;
  const { ownerId, managementGroup, tags } = kept;
  const shown: Record<string, JsonObject[string] | undefined> = {
    subscriptionId,
    displayName,
    provisioningState,
    billingScope,
    workload,
    subscriptionOwnerId: ownerId,
    managementGroupId: typeof managementGroup === 'string' ? formatManagementGroupId(managementGroup) : undefined,
    createdTime,
    tags,
  };
  const properties = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)) as JsonObject;
  return { id: `${aliases}/${String(name)}`, name: name ?? '', type: 'Microsoft.Subscription/aliases', properties };
}

/** Whether what an alias names exists: its subscription, management group and owner. */
async function judge({ store, directory }: ProviderContext, asked: AliasRequest): Promise<Refusal | undefined> {
  const { subscriptionId, managementGroup, ownerId } = asked;
  if (
    subscriptionId !== undefined &&
    (await store.get(documentKey(formatSubscriptionId(subscriptionId)))) === undefined
  ) {
    return refuse('SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
  }
  if (managementGroup !== undefined) {
    const id = formatManagementGroupId(managementGroup);
    if ((await store.get(documentKey(id))) === undefined) return refuse('NotFound', `'${id}' not found.`);
  }
  if (ownerId === undefined || directory.principalType(ownerId) !== undefined) return undefined;
  return refuse('InvalidRequestContent', `The owner '${ownerId}' is not in the directory.`);
}
