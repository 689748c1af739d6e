import type { JsonObject } from '../../../core/json.ts';
import { managementGroupOf, subscriptionEntries } from '../../../core/management/management-group.ts';
import { documentKey, type Store } from '../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { foldId, formatSubscriptionId, parseResourceId } from '../../../core/resource-id.ts';
import type { Answer, Call, Operation, ProviderContext } from '../../provider-contract.ts';

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

async function listSubscriptions(context: ProviderContext, { caller, facts }: Call): Promise<Answer> {
  const { store, authorizer } = context;
  const seen = await Promise.all(
    authorizer.scopesOf(caller.objectId, facts).map((scope) => subscriptionsSeenAt(context, scope)),
  );
  const unique = [...new Set(seen.flat().map((id) => id.toLowerCase()))].toSorted();
  const found = await Promise.all(unique.map((id) => store.get(documentKey(formatSubscriptionId(id)))));
  const value: readonly JsonObject[] = found.flatMap((document) => (document === undefined ? [] : [document.body]));
  return { status: 200, body: { value, count: { type: 'Total', value: value.length } } };
}

/** The subscriptions that a role at a scope shows: the scope's own, those below its management group, or all. */
async function subscriptionsSeenAt({ store, hierarchy }: ProviderContext, scope: string): Promise<readonly string[]> {
  const subscriptionId = parseResourceId(scope)?.subscriptionId;
  if (subscriptionId !== undefined) return [subscriptionId];
  if (managementGroupOf(foldId(scope)) !== undefined) return hierarchy.subscriptionsBelow(scope);
  return foldId(scope) === '' ? everySubscription(store) : [];
}

async function everySubscription(store: Store): Promise<readonly string[]> {
  const documents = await store.list(subscriptionEntries);
  return documents.map(({ body }) => String(body['subscriptionId']));
}
