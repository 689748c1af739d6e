import type { JsonObject } from '../../../core/json.ts';
import type { Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { regions } from '../../../core/regions.ts';
import { type RegistrationState, registrationKey } from '../../../core/registration.ts';
import type { Answer, Call, Catalog, Operation, Provider, ResourceType } from '../../provider-contract.ts';

/** The resource providers of a subscription (and, without a state, of the tenant): listed, registered, unregistered. */
export function registrationOperations(store: Store, catalog: Catalog): readonly Operation[] {
  const read = 'Microsoft.Resources/subscriptions/providers/read';
  const base = '/subscriptions/{subscriptionId}/providers';
  const one = `${base}/{resourceProviderNamespace}`;
  const set = (state: RegistrationState) => async (call: Call) => setState(store, await catalog(), call, state);
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
      permission: '{resourceProviderNamespace}/register/action',
      handle: set('Registered'),
    },
    {
      method: 'POST',
      path: `${one}/unregister`,
      permission: '{resourceProviderNamespace}/unregister/action',
      handle: set('NotRegistered'),
    },
  ];
}

/** Namespaces without which a subscription would be of no use: they stay registered. */
const always = ['Microsoft.Resources', 'Microsoft.Authorization'];

async function list(store: Store, providers: readonly Provider[], { params }: Call): Promise<Answer> {
  const value = await Promise.all(providers.map((provider) => show(store, provider, params['subscriptionId'])));
  return { status: 200, body: { value } };
}

async function get(store: Store, providers: readonly Provider[], { params }: Call): Promise<Answer | Refusal> {
  const provider = find(providers, params);
  return isRefusal(provider) ? provider : { status: 200, body: await show(store, provider, params['subscriptionId']) };
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
  if (state === 'NotRegistered' && always.includes(provider.namespace)) {
    return refuse('OperationNotAllowed', `The namespace '${provider.namespace}' cannot be unregistered.`);
  }
  await store.transact([
    { put: registrationKey(subscriptionId, provider.namespace), body: { registrationState: state } },
  ]);
  return { status: 200, body: await show(store, provider, subscriptionId) };
}

function find(providers: readonly Provider[], params: Call['params']): Provider | Refusal {
  const namespace = params['resourceProviderNamespace'] ?? '';
  const found = providers.find((provider) => provider.namespace.toLowerCase() === namespace.toLowerCase());
  return found ?? refuse('InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
}

async function show(store: Store, provider: Provider, subscriptionId?: string): Promise<JsonObject> {
  const resourceTypes = provider.resourceTypes.map(formatType);
  const { namespace } = provider;
  if (subscriptionId === undefined) return { id: `/providers/${namespace}`, namespace, resourceTypes };
  const kept = await store.get(registrationKey(subscriptionId, namespace));
  return {
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: always.includes(namespace) ? 'RegistrationFree' : 'RegistrationRequired',
    registrationState: kept?.body['registrationState'] ?? 'Registered',
    resourceTypes,
  };
}

function formatType({ type, apiVersions, regional }: ResourceType): JsonObject {
  return {
    resourceType: type,
    locations: regional ? regions.map((region) => region.displayName) : [],
    apiVersions,
    ...(apiVersions[0] === undefined ? {} : { defaultApiVersion: apiVersions[0] }),
    capabilities: regional ? 'CrossResourceGroupResourceMove, SupportsTags, SupportsLocation' : 'None',
  };
}
