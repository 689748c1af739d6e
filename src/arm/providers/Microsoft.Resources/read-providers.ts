import type { JsonObject } from '../../../core/json.ts';
import type { Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { regions } from '../../../core/regions.ts';
import { registrationKey, showRegistration } from '../../../core/registration.ts';
import type { Answer, Call, Catalog, Operation, Provider, ResourceType } from '../../provider-contract.ts';

const read = 'Microsoft.Resources/subscriptions/providers/read';

/** The resource providers of a subscription and (without a state) of the tenant: listed and shown. */
export function providerReads(store: Store, catalog: Catalog): readonly Operation[] {
  const base = '/subscriptions/{subscriptionId}/providers';
  const one = '{resourceProviderNamespace}';
  const listed = async (call: Call) => list(store, await catalog(), call);
  const shown = async (call: Call) => get(store, await catalog(), call);
  return [
    { method: 'GET', path: base, permission: read, handle: listed },
    { method: 'GET', path: `${base}/${one}`, permission: read, handle: shown },
    { method: 'GET', path: '/providers', handle: listed },
    { method: 'GET', path: `/providers/${one}`, handle: shown },
    {
      method: 'GET',
      path: `${base}/${one}/providerPermissions`,
      permission: read,
      handle: async (call) => permissions(await catalog(), call),
    },
  ];
}

/** The provider of a namespace, without regard to case. Refuses `InvalidResourceNamespace`. */
export function findProvider(providers: readonly Provider[], params: Call['params']): Provider | Refusal {
  const namespace = params['resourceProviderNamespace'] ?? '';
  const found = providers.find((provider) => provider.namespace.toLowerCase() === namespace.toLowerCase());
  return found ?? refuse('InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
}

/** Namespaces without which a subscription would be of no use: they stay registered. */
export const registrationFree = ['Microsoft.Resources', 'Microsoft.Authorization', 'Microsoft.Subscription'];

async function list(store: Store, providers: readonly Provider[], call: Call): Promise<Answer> {
  const value = await Promise.all(providers.map((provider) => showProvider(store, provider, call)));
  return { status: 200, body: { value } };
}

async function get(store: Store, providers: readonly Provider[], call: Call): Promise<Answer | Refusal> {
  const provider = findProvider(providers, call.params);
  return isRefusal(provider) ? provider : { status: 200, body: await showProvider(store, provider, call) };
}

/**
 * Azure names the applications of the service behind a namespace and the role that each has in the subscription. Here the services
 * are Postern itself: none acts as an application, so no application has access by a registration, and none is named.
 */
function permissions(providers: readonly Provider[], { params }: Call): Answer | Refusal {
  const provider = findProvider(providers, params);
  return isRefusal(provider) ? provider : { status: 200, body: { value: [] } };
}

/** A provider as a subscription (or the tenant) shows it. */
export async function showProvider(
  store: Store,
  provider: Provider,
  { params, query, now }: Call,
): Promise<JsonObject> {
  const { namespace } = provider;
  const subscriptionId = params['subscriptionId'];
  const withAliases = /(^|,)\s*resourcetypes\/aliases\s*(,|$)/i.test(query.get('$expand') ?? '');
  const resourceTypes = provider.resourceTypes.map((type) => formatType(type, withAliases));
  if (subscriptionId === undefined) return { id: `/providers/${namespace}`, namespace, resourceTypes };
  const kept = await store.get(registrationKey(subscriptionId, namespace));
  return {
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: registrationFree.includes(namespace) ? 'RegistrationFree' : 'RegistrationRequired',
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
