import { parseResourceIdentity } from '../core/identity/resource-identity.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { AttachedIdentity, Machines, MachineView } from '../core/ports/machines.ts';
import { type Change, type DocumentKey, documentKey, type Store } from '../core/ports/store.ts';
import { foldId } from '../core/resource-id.ts';

const machineType = 'Microsoft.Compute/virtualMachines';
const principals = '/directory/serviceprincipals/';

/**
 * The machines and their identities in memory, kept current by the change feed. A view is made when it is asked for and kept
 * until the machine or one of its principals changes; a machine that is being deleted has no identities.
 */
export async function openMachines(services: {
  readonly store: Store;
  readonly directory: Directory;
}): Promise<Machines> {
  const { store, directory } = services;
  const resources = new Map<string, JsonObject>();
  const views = new Map<string, MachineView>();
  const apply = (key: DocumentKey, body: JsonObject | undefined): void => {
    views.delete(key);
    if (body?.['type'] === machineType) resources.set(key, body);
    else resources.delete(key);
  };
  store.watch((changes) => {
    for (const { key, after } of changes) apply(key, after?.body);
    for (const principalId of changedPrincipals(changes)) forgetViewsOf(principalId, resources, views);
  });
  for (const { key, body } of await store.list(documentKey('/subscriptions'), { type: machineType.toLowerCase() }))
    if (!resources.has(key)) apply(key, body);
  return {
    view(resourceId) {
      const key = foldId(resourceId);
      const resource = resources.get(key);
      if (resource === undefined) return undefined;
      const view = views.get(key) ?? viewOf(resource, directory);
      views.set(key, view);
      return view;
    },
  };
}

function changedPrincipals(changes: readonly Change[]): readonly string[] {
  return changes
    .map(({ key }) => key)
    .filter((key) => key.startsWith(principals))
    .map((key) => key.slice(principals.length));
}

function forgetViewsOf(
  principalId: string,
  resources: ReadonlyMap<string, JsonObject>,
  views: Map<string, MachineView>,
): void {
  for (const key of views.keys()) {
    const { system, users } = parseResourceIdentity(resources.get(key)?.['identity']);
    const its = [system?.principalId, ...users.map((user) => user.principalId)];
    if (its.some((id) => id?.toLowerCase() === principalId)) views.delete(key);
  }
}

function viewOf(resource: JsonObject, directory: Directory): MachineView {
  const properties = isJsonObject(resource['properties']) ? resource['properties'] : {};
  return {
    resourceId: String(resource['id']),
    vmId: String(properties['vmId']),
    identities: properties['provisioningState'] === 'Deleting' ? [] : identitiesOf(resource, directory),
    resource,
  };
}

function identitiesOf(resource: JsonObject, directory: Directory): readonly AttachedIdentity[] {
  const { system, users } = parseResourceIdentity(resource['identity']);
  const own = system === undefined ? undefined : directory.servicePrincipal(system.principalId);
  const systemAssigned: readonly AttachedIdentity[] =
    own === undefined
      ? []
      : [
          {
            kind: 'systemAssigned',
            principalId: own.objectId,
            clientId: own.appId,
            resourceId: String(resource['id']),
          },
        ];
  const standing = users.filter(({ principalId }) => directory.servicePrincipal(principalId) !== undefined);
  return [...systemAssigned, ...standing.map((user) => ({ kind: 'userAssigned' as const, ...user }))];
}
