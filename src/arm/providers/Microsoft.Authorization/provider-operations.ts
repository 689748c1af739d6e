import type { JsonObject } from '../../../core/json.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Answer, Call, Provider, ResourceType } from '../../provider-contract.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import { builtInRoles } from './role-definitions/built-in-roles.ts';

const one = '/providers/Microsoft.Authorization/providerOperations/{resourceProviderNamespace}';
const many = '/providers/Microsoft.Authorization/providerOperations';

/**
 * providerOperations: the actions that roles can name. Known are those that routes here need, read, write and delete of every
 * type that is kept as a document, and those that the shipped built-in roles name in full; anybody may ask.
 */
export function providerOperations({ catalog }: AuthorizationContext): ResourceType {
  return {
    type: 'providerOperations',
    apiVersions: ['2022-05-01-preview', '2022-04-01', '2018-01-01-preview', '2015-07-01'],
    regional: false,
    operations: [
      {
        method: 'GET',
        path: many,
        handle: async (call) => {
          const value = (await catalog()).map((provider) => present(provider, operationsOf(provider), call));
          return { status: 200, body: { value } };
        },
      },
      { method: 'GET', path: one, handle: async (call) => show(await catalog(), call) },
    ],
  };
}

function show(providers: readonly Provider[], call: Call): Answer | Refusal {
  const asked = call.params['resourceProviderNamespace'] ?? '';
  const provider = providers.find(({ namespace }) => namespace.toLowerCase() === asked.toLowerCase());
  if (provider !== undefined) return { status: 200, body: present(provider, operationsOf(provider), call) };
  return refuse('InvalidResourceNamespace', `The resource namespace '${asked}' is invalid.`);
}

/** An action, split where its resource type ends. */
interface KnownOperation {
  readonly name: string;
  readonly type: string;
  readonly isDataAction: boolean;
}

function operationsOf({ namespace, resourceTypes }: Provider): readonly KnownOperation[] {
  const routed = resourceTypes.flatMap(({ operations }) => operations.flatMap(({ permission }) => permission ?? []));
  const kept = resourceTypes
    .filter(({ operations }) => operations.length === 0)
    .flatMap(({ type }) => ['read', 'write', 'delete'].map((verb) => `${namespace}/${type}/${verb}`));
  const named = builtInRoles().flatMap(({ permissions }) => permissions.flatMap(({ actions }) => actions));
  const data = builtInRoles().flatMap(({ permissions }) => permissions.flatMap(({ dataActions }) => dataActions));
  const known = new Map<string, KnownOperation>();
  for (const [names, isDataAction] of [[[...routed, ...kept, ...named], false] as const, [data, true] as const]) {
    for (const name of names) {
      const isOwn = name.toLowerCase().startsWith(`${namespace.toLowerCase()}/`) && !/[*{]/.test(name);
      const key = `${isDataAction} ${name.toLowerCase()}`;
      if (isOwn && !known.has(key)) known.set(key, { name, type: typeOf(name), isDataAction });
    }
  }
  return [...known.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** `virtualMachines` of `Microsoft.Compute/virtualMachines/start/action`; nothing for an action of the namespace itself. */
function typeOf(name: string): string {
  const segments = name.split('/').slice(1);
  return segments.slice(0, segments.at(-1)?.toLowerCase() === 'action' ? -2 : -1).join('/');
}

function present({ namespace }: Provider, operations: readonly KnownOperation[], { query }: Call): JsonObject {
  const types = Map.groupBy(operations, ({ type }) => type);
  const expands = (query.get('$expand') ?? 'resourceTypes').toLowerCase() === 'resourcetypes';
  const resourceTypes = [...types]
    .filter(([type]) => type !== '')
    .map(([name, own]) => {
      return { name, displayName: name, operations: own.map(formatOperation) };
    });
  return {
    id: `/providers/Microsoft.Authorization/providerOperations/${namespace}`,
    type: 'Microsoft.Authorization/providerOperations',
    name: namespace,
    displayName: namespace,
    operations: (types.get('') ?? []).map(formatOperation),
    resourceTypes: expands ? resourceTypes : [],
  };
}

function formatOperation({ name, isDataAction }: KnownOperation): JsonObject {
  return { name, displayName: name, description: null, origin: null, properties: null, isDataAction };
}
