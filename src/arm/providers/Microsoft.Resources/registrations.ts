import type { JsonObject } from '../../../core/json.ts';
import { documentKey, type Store, type Write } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { regions } from '../../../core/regions.ts';
import {
  changeRegistration,
  type RegistrationState,
  registrationKey,
  showRegistration,
} from '../../../core/registration.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';
import type {
  Answer,
  Call,
  Catalog,
  Operation,
  Provider,
  ProviderContext,
  ResourceType,
} from '../../provider-contract.ts';

const group = '/providers/Microsoft.Management/managementGroups/{groupId}';

/** The resource providers of a subscription (and, without a state, of the tenant): listed, registered, unregistered. */
export function registrationOperations(context: ProviderContext, catalog: Catalog): readonly Operation[] {
  const { store } = context;
  const read = 'Microsoft.Resources/subscriptions/providers/read';
  const base = '/subscriptions/{subscriptionId}/providers';
  const one = `${base}/{resourceProviderNamespace}`;
  const register = '{resourceProviderNamespace}/register/action';
  return [
    { method: 'GET', path: base, permission: read, handle: async (call) => list(store, await catalog(), call) },
    { method: 'GET', path: one, permission: read, handle: async (call) => get(store, await catalog(), call) },
    { method: 'GET', path: '/providers', handle: async (call) => list(store, await catalog(), call) },
    {
      method: 'GET',
      path: '/providers/{resourceProviderNamespace}',
      handle: async (call) => get(store, await catalog(), call),
    },
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

/** Namespaces without which a subscription would be of no use: they stay registered. */
const always = ['Microsoft.Resources', 'Microsoft.Authorization', 'Microsoft.Subscription'];

async function list(store: Store, providers: readonly Provider[], call: Call): Promise<Answer> {
  const value = await Promise.all(providers.map((provider) => show(store, provider, call)));
  return { status: 200, body: { value } };
}

async function get(store: Store, providers: readonly Provider[], call: Call): Promise<Answer | Refusal> {
  const provider = find(providers, call.params);
  return isRefusal(provider) ? provider : { status: 200, body: await show(store, provider, call) };
}

async function setState(
  store: Store,
  providers: readonly Provider[],
  call: Call,
  state: RegistrationState,
): Promise<Answer | Refusal> {
  const provider = find(providers, call.params);
  if (isRefusal(provider)) return provider;
  const subscriptionId = call.params['subscriptionId'] ?? '';
  const refused = state === 'NotRegistered' ? await refuseInUse(store, provider, subscriptionId) : undefined;
  if (refused !== undefined) return refused;
  await store.transact([await planChange(store, provider, { subscriptionId, state, now: call.now })]);
  return { status: 200, body: await show(store, provider, call) };
}

/** Registers every subscription that lies below a management group now. */
async function registerBelow(
  { store, hierarchy }: ProviderContext,
  providers: readonly Provider[],
  { params, now }: Call,
): Promise<Answer | Refusal> {
  const provider = find(providers, params);
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
  if (always.includes(namespace)) {
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

function find(providers: readonly Provider[], params: Call['params']): Provider | Refusal {
  const namespace = params['resourceProviderNamespace'] ?? '';
  const found = providers.find((provider) => provider.namespace.toLowerCase() === namespace.toLowerCase());
  return found ?? refuse('InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
}

async function show(store: Store, provider: Provider, { params, query, now }: Call): Promise<JsonObject> {
  const { namespace } = provider;
  const subscriptionId = params['subscriptionId'];
  const withAliases = /(^|,)\s*resourcetypes\/aliases\s*(,|$)/i.test(query.get('$expand') ?? '');
  const resourceTypes = provider.resourceTypes.map((type) => formatType(type, withAliases));
  if (subscriptionId === undefined) return { id: `/providers/${namespace}`, namespace, resourceTypes };
  const kept = await store.get(registrationKey(subscriptionId, namespace));
  return {
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: always.includes(namespace) ? 'RegistrationFree' : 'RegistrationRequired',
    registrationState: showRegistration(kept?.body, now),
    resourceTypes,
  };
}

/** Aliases are those of Azure Policy: there is no policy here, so a type has none. */
function formatType({ type, apiVersions, regional }: ResourceType, withAliases: boolean): JsonObject {
  return {
    resourceType: type,
    locations: regional ? regions.map((region) => region.displayName) : [],
    ...(withAliases ? { aliases: [] } : {}),
    apiVersions,
    ...(apiVersions[0] === undefined ? {} : { defaultApiVersion: apiVersions[0] }),
    capabilities: regional ? 'CrossResourceGroupResourceMove, SupportsTags, SupportsLocation' : 'None',
  };
}
