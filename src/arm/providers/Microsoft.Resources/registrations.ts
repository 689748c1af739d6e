import { documentKey, type Store, type Write } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { changeRegistration, type RegistrationState, registrationKey } from '../../../core/registration.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';
import type { Answer, Call, Catalog, Operation, Provider, ProviderContext } from '../../provider-contract.ts';
import { findProvider, providerReads, registrationFree, showProvider } from './read-providers.ts';

const group = '/providers/Microsoft.Management/managementGroups/{groupId}';

/** The resource providers of a subscription (and, without a state, of the tenant): listed, registered, unregistered. */
export function registrationOperations(context: ProviderContext, catalog: Catalog): readonly Operation[] {
  const { store } = context;
  const one = '/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}';
  const register = '{resourceProviderNamespace}/register/action';
  return [
    ...providerReads(store, catalog),
    {
      method: 'POST',
      path: `${one}/register`,
      permission: register,
      handle: async (call) => setState(store, await catalog(), call, 'Registered'),
    },
    {
      method: 'POST',
      path: `${one}/unregister`,
      permission: '{resourceProviderNamespace}/unregister/action',
      handle: async (call) => setState(store, await catalog(), call, 'NotRegistered'),
    },
    {
      method: 'POST',
      path: `${group}/providers/{resourceProviderNamespace}/register`,
      permission: register,
      permissionScope: group,
      handle: async (call) => registerBelow(context, await catalog(), call),
    },
  ];
}

async function setState(
  store: Store,
  providers: readonly Provider[],
  call: Call,
  state: RegistrationState,
): Promise<Answer | Refusal> {
  const provider = findProvider(providers, call.params);
  if (isRefusal(provider)) return provider;
  const subscriptionId = call.params['subscriptionId'] ?? '';
  const refused = state === 'NotRegistered' ? await refuseInUse(store, provider, subscriptionId) : undefined;
  if (refused !== undefined) return refused;
  await store.transact([await planChange(store, provider, { subscriptionId, state, now: call.now })]);
  return { status: 200, body: await showProvider(store, provider, call) };
}

/** Registers every subscription that lies below a management group now. */
async function registerBelow(
  { store, hierarchy }: ProviderContext,
  providers: readonly Provider[],
  { params, now }: Call,
): Promise<Answer | Refusal> {
  const provider = findProvider(providers, params);
  if (isRefusal(provider)) return provider;
  const scope = `/providers/Microsoft.Management/managementGroups/${params['groupId']}`;
  const state = 'Registered';
  const writes = hierarchy
    .subscriptionsBelow(scope)
    .map((subscriptionId) => planChange(store, provider, { subscriptionId, state, now }));
  await store.transact(await Promise.all(writes));
  return { status: 200 };
}

async function planChange(
  store: Store,
  { namespace }: Provider,
  { subscriptionId, state, now }: { subscriptionId: string; state: RegistrationState; now: Call['now'] },
): Promise<Write> {
  const key = registrationKey(subscriptionId, namespace);
  return { put: key, body: changeRegistration(state, (await store.get(key))?.body, now) };
}

/** A namespace stays registered while the subscription has resources of it. */
async function refuseInUse(store: Store, provider: Provider, subscriptionId: string): Promise<Refusal | undefined> {
  const { namespace, resourceTypes } = provider;
  if (registrationFree.includes(namespace)) {
    return refuse('OperationNotAllowed', `The namespace '${namespace}' cannot be unregistered.`);
  }
  const above = documentKey(formatSubscriptionId(subscriptionId));
  for (const { type } of resourceTypes) {
    const [one] = await store.list(above, { type: `${namespace}/${type}`.toLowerCase(), limit: 1 });
    if (one === undefined) continue;
    const id = String(one.body['id'] ?? one.key);
    return refuse(
      'OperationNotAllowed',
      `The namespace '${namespace}' cannot be unregistered: the subscription has resources of it, among them '${id}'.`,
    );
  }
  return undefined;
}
