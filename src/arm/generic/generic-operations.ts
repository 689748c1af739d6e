import { linkedIdentities } from '../../core/identity/change-identity.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Lanes } from '../../core/lanes.ts';
import { documentKey } from '../../core/ports/store.ts';
import { foldId } from '../../core/resource-id.ts';
import type { Call, Operation, ProviderContext } from '../provider-contract.ts';
import { deleteResource } from './delete-resource.ts';
import type { GenericType, ScopeKind } from './manifest.ts';
import { getResource, listResources } from './read-resource.ts';
import { patchResource, putResource } from './write-resource.ts';

const above: Readonly<Record<ScopeKind, string>> = {
  group: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}',
  subscription: '/subscriptions/{subscriptionId}',
  tenant: '',
  extension: '/{scope}',
};

/** What the manifest's types answer to, in the words of ARM's specification; `{resourceId}` lies in no resource group. */
export const genericEndpoints: readonly { readonly method: string; readonly path: string }[] = [
  { method: 'GET', path: `${above.subscription}/providers/{resourceProviderNamespace}/{resourceType}` },
  { method: 'GET', path: `${above.group}/providers/{resourceProviderNamespace}/{parentResourcePath}/{resourceType}` },
  ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].flatMap((method) => [
    {
      method,
      path: `${above.group}/providers/{resourceProviderNamespace}/{parentResourcePath}/{resourceType}/{resourceName}`,
    },
    { method, path: '/{resourceId}' },
  ]),
];

/**
 * The operations on a type of the manifest, at each scope that it may lie in. Writes at and below one resource take turns, so
 * that nothing is made in what is just being deleted.
 */
export function genericOperations(context: ProviderContext, turns: Lanes, type: GenericType): readonly Operation[] {
  const items = type.scopes.flatMap((kind) => itemOperations(context, turns, type, above[kind]));
  return [...items, ...collections(context, type)];
}

function itemOperations(
  context: ProviderContext,
  turns: Lanes,
  type: GenericType,
  scope: string,
): readonly Operation[] {
  const path = `${scope}/providers/${type.namespace}/${pathOf(type)}`;
  const inTurn = (act: Operation['handle']) => (call: Call) => turns.run(rootOf(call.resourceId), () => act(call));
  const permission = (verb: string) => `${type.namespace}/${type.type}/${verb}`;
  const linked = async ({ resourceId, body }: Call) => {
    const before = await context.store.get(documentKey(resourceId));
    return linkedIdentities(context, before?.body['identity'], isJsonObject(body) ? body['identity'] : undefined);
  };
  return [
    { method: 'GET', path, permission: permission('read'), handle: (call) => getResource(context, type, call) },
    {
      method: 'PUT',
      path,
      permission: permission('write'),
      linked,
      handle: inTurn((call) => putResource(context, type, call)),
    },
    {
      method: 'PATCH',
      path,
      permission: permission('write'),
      linked,
      handle: inTurn((call) => patchResource(context, type, call)),
    },
    {
      method: 'DELETE',
      path,
      permission: permission('delete'),
      handle: inTurn((call) => deleteResource(context, call)),
    },
  ];
}

/** The topmost resource that an id is or lies in, folded. */
function rootOf(resourceId: string): string {
  return /^.*?\/providers\/[^/]+\/[^/]+\/[^/]+/.exec(foldId(resourceId))?.[0] ?? foldId(resourceId);
}

/** Types that lie in a group are listed for their subscription too, unless they lie in another resource. */
function collections(context: ProviderContext, type: GenericType): readonly Operation[] {
  const nested = type.type.includes('/');
  const wider = type.scopes.includes('group') && !nested ? (['subscription'] as const) : [];
  return [...new Set<ScopeKind>([...type.scopes, ...wider])].map((kind) => ({
    method: 'GET',
    path: `${above[kind]}/providers/${type.namespace}/${pathOf(type).replace(/\/[^/]+$/, '')}`,
    permission: `${type.namespace}/${type.type}/read`,
    handle: (call) => listResources(context, type, call),
  }));
}

/** `servers/{name1}/databases/{name2}`. */
function pathOf({ type }: GenericType): string {
  return type
    .split('/')
    .map((word, at) => `${word}/{name${at + 1}}`)
    .join('/');
}
