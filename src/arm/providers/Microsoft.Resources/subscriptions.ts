import type { JsonObject } from '../../../core/json.ts';
import { documentKey, type Store } from '../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { formatSubscriptionId, parseResourceId } from '../../../core/resource-id.ts';
import type { Answer, Call, Operation, ProviderContext } from '../../provider-contract.ts';
import { subscriptionList } from './subscription.ts';

/** The subscriptions that the caller sees: those where it has any role at, below or above them. */
export function subscriptionOperations(context: ProviderContext): readonly Operation[] {
  return [
    { method: 'GET', path: '/subscriptions', handle: (call) => listSubscriptions(context, call) },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}',
      permission: 'Microsoft.Resources/subscriptions/read',
      handle: (call) => getSubscription(context.store, call),
    },
  ];
}

async function getSubscription(store: Store, { params }: Call): Promise<Answer | Refusal> {
  const id = params['subscriptionId'] ?? '';
  const found = await store.get(documentKey(formatSubscriptionId(id)));
  if (found !== undefined) return { status: 200, body: found.body };
  return refuse('SubscriptionNotFound', `The subscription '${id}' could not be found.`);
}

async function listSubscriptions({ store, authorizer }: ProviderContext, { caller }: Call): Promise<Answer> {
  const scopes = authorizer.scopesOf(caller.objectId).map((scope) => parseResourceId(scope)?.subscriptionId);
  const seesAll = scopes.some((subscriptionId) => subscriptionId === undefined);
  const ids = seesAll ? await everySubscription(store) : scopes.filter((id) => id !== undefined);
  const unique = [...new Set(ids.map((id) => id.toLowerCase()))].toSorted();
  const found = await Promise.all(unique.map((id) => store.get(documentKey(formatSubscriptionId(id)))));
  const value: readonly JsonObject[] = found.flatMap((document) => (document === undefined ? [] : [document.body]));
  return { status: 200, body: { value, count: { type: 'Total', value: value.length } } };
}

async function everySubscription(store: Store): Promise<readonly string[]> {
  const documents = await store.list(subscriptionList);
  return documents.map(({ body }) => String(body['subscriptionId']));
}
