import { BoundedMap } from '../core/bounded-map.ts';
import { parseResourceIdentity } from '../core/identity/resource-identity.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { AttachedIdentity, Machines, MachineView } from '../core/ports/machines.ts';
import { type Change, type DocumentKey, documentKey, type Store } from '../core/ports/store.ts';
import { foldId } from '../core/resource-id.ts';

const setType = 'Microsoft.Compute/virtualMachineScaleSets';
/** What has a metadata service, and what its instances have their identities from. */
const types = ['Microsoft.Compute/virtualMachines', `${setType}/virtualMachines`, setType];
const principals = '/directory/serviceprincipals/';

/**
 * The machines and their identities in memory, kept current by the change feed. A view is made when it is asked for and kept
 * until the machine, its scale set or one of its principals changes; what is being deleted has no identities.
 */
export async function openMachines(services: {
  readonly store: Store;
  readonly directory: Directory;
}): Promise<Machines> {
  const { store, directory } = services;
  const resources = new Map<string, JsonObject>();
  const views = new Map<string, MachineView>();
  // The same by the ids as they were asked for, until anything changes: IMDS asks with each request, and spells an id in one way.
  const asked = new BoundedMap<string, MachineView>(4096);
  const apply = (key: DocumentKey, body: JsonObject | undefined): void => {
    views.delete(key);
    if (resources.get(key)?.['type'] === setType || body?.['type'] === setType) forgetViewsBelow(key, views);
    if (types.includes(String(body?.['type']))) resources.set(key, body as JsonObject);
    else resources.delete(key);
  };
  store.watch((changes) => {
    asked.clear();
    for (const { key, after } of changes) apply(key, after?.body);
    for (const principalId of changedPrincipals(changes)) forgetViewsOf(principalId, resources, views);
  });
  for (const type of types.map((name) => name.toLowerCase())) {
    for (const { key, body } of await store.list(documentKey('/subscriptions'), { type }))
      if (!resources.has(key)) apply(key, body);
  }
  return {
    view(resourceId) {
      const known = asked.get(resourceId);
      if (known !== undefined) return known;
      const key = foldId(resourceId);
      const resource = resources.get(key);
      if (resource === undefined || resource['type'] === setType) return undefined;
      const view = views.get(key) ?? viewOf(resource, resources.get(setKeyOf(key)), directory);
      views.set(key, view);
      asked.set(resourceId, view);
      return view;
    },
  };
}

/** The scale set's key, by its instance's; for another machine a key that nothing has. */
function setKeyOf(key: string): string {
  return /^(.*\/virtualmachinescalesets\/[^/]+)\/virtualmachines\/[^/]+$/.exec(key)?.[1] ?? '';
}

function changedPrincipals(changes: readonly Change[]): readonly string[] {
  return changes
    .map(({ key }) => key)
    .filter((key) => key.startsWith(principals))
    .map((key) => key.slice(principals.length));
}

function forgetViewsBelow(setKey: string, views: Map<string, MachineView>): void {
  for (const key of views.keys()) if (key.startsWith(`${setKey}/`)) views.delete(key);
}

function forgetViewsOf(
  principalId: string,
  resources: ReadonlyMap<string, JsonObject>,
  views: Map<string, MachineView>,
): void {
  for (const key of views.keys()) {
    const bearer = resources.get(setKeyOf(key)) ?? resources.get(key);
    const { system, users } = parseResourceIdentity(bearer?.['identity']);
    const its = [system?.principalId, ...users.map((user) => user.principalId)];
    if (its.some((id) => id?.toLowerCase() === principalId)) views.delete(key);
  }
}

/** An instance has its set's identities and region; whatever else it shows is its own. */
function viewOf(resource: JsonObject, set: JsonObject | undefined, directory: Directory): MachineView {
  const properties = propertiesOf(resource);
  const isLeaving = [resource, set].some((body) => propertiesOf(body)['provisioningState'] === 'Deleting');
  return {
    resourceId: String(resource['id']),
    vmId: String(properties['vmId']),
    identities: isLeaving ? [] : identitiesOf(set ?? resource, directory),
    resource: set === undefined ? resource : { ...resource, location: set['location'] ?? '' },
  };
}

function propertiesOf(resource: JsonObject | undefined): JsonObject {
  return isJsonObject(resource?.['properties']) ? resource['properties'] : {};
}

function identitiesOf(bearer: JsonObject, directory: Directory): readonly AttachedIdentity[] {
  const { system, users } = parseResourceIdentity(bearer['identity']);
  const own = system === undefined ? undefined : directory.servicePrincipal(system.principalId);
  const systemAssigned: readonly AttachedIdentity[] =
    own === undefined
      ? []
      : [
          {
            kind: 'systemAssigned',
            principalId: own.objectId,
            clientId: own.appId,
            resourceId: String(bearer['id']),
          },
        ];
  const standing = users.filter(({ principalId }) => directory.servicePrincipal(principalId) !== undefined);
  return [...systemAssigned, ...standing.map((user) => ({ kind: 'userAssigned' as const, ...user }))];
}
