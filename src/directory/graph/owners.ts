import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { applicationForm, findApplication, findOwnApplication } from './applications.ts';
import { type Ask, type GraphAnswer, type GraphPorts, type GraphRoute, refuseMissing, refuseRequest } from './ask.ts';
import { changeObject, type Form } from './change.ts';
import { formatCollection } from './collection.ts';
import { formatObjects } from './directory-object.ts';
import { findGroup, groupForm } from './groups.ts';
import type { GraphPermission } from './permissions.ts';
import { readReference, refuseRepeated } from './reference.ts';
import { findOwnPrincipal, findPrincipal, principalForm } from './service-principals.ts';

/** An object that has owners: how it is found, by a reader and by a writer, and how it is kept. */
interface Owned<Item> {
  readonly path: string;
  readonly read: GraphPermission;
  readonly write: GraphPermission;
  readonly form: Form<Item>;
  find(ask: Ask, ports: GraphPorts): Item | Refusal;
  findOwn(ask: Ask, ports: GraphPorts): Item | Refusal;
}

/** The owners of applications, service principals and groups. */
export const ownerRoutes: readonly GraphRoute[] = [
  ...routesOf({
    path: '/applications',
    read: 'readDirectory',
    write: 'writeApplications',
    form: applicationForm,
    find: findApplication,
    findOwn: findOwnApplication,
  }),
  ...routesOf({
    path: '/serviceprincipals',
    read: 'readDirectory',
    write: 'writeApplications',
    form: principalForm,
    find: findPrincipal,
    findOwn: findOwnPrincipal,
  }),
  ...routesOf({
    path: '/groups',
    read: 'readGroups',
    write: 'writeGroups',
    form: groupForm,
    find: findGroup,
    findOwn: findGroup,
  }),
];

interface WithOwners {
  readonly objectId: string;
  readonly owners?: readonly string[];
}

function routesOf<Item extends WithOwners>(owned: Owned<Item>): readonly GraphRoute[] {
  const { path, read, write } = owned;
  return [
    { method: 'GET', path: `${path}/:id/owners`, permission: read, handle: (ask, ports) => list(owned, ask, ports) },
    {
      method: 'POST',
      path: `${path}/:id/owners/$ref`,
      permission: write,
      handle: (ask, ports) => add(owned, ask, ports),
    },
    {
      method: 'DELETE',
      path: `${path}/:id/owners/:owner/$ref`,
      permission: write,
      handle: (ask, ports) => remove(owned, ask, ports),
    },
  ];
}

function list<Item extends WithOwners>(owned: Owned<Item>, ask: Ask, ports: GraphPorts): GraphAnswer {
  const found = owned.find(ask, ports);
  if (isRefusal(found)) return found;
  const objects = formatObjects(found.owners ?? [], ports);
  const path = `${owned.path.slice(1)}/${found.objectId}/owners`;
  return formatCollection(objects, ask, { collection: 'directoryObjects', filterable: ['id', 'displayName'], path });
}

async function add<Item extends WithOwners>(owned: Owned<Item>, ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = owned.findOwn(ask, ports);
  if (isRefusal(found)) return found;
  const owner = readReference(ask.body);
  if (isRefusal(owner)) return owner;
  if (ports.directory.servicePrincipal(owner) === undefined) return refuseMissing(owner);
  const done = await changeObject(ports.store, owned.form, found.objectId, (item) => {
    const owners = item.owners ?? [];
    return owners.includes(owner) ? refuseRepeated('owners') : { ...item, owners: [...owners, owner] };
  });
  return isRefusal(done) ? done : { status: 204 };
}

async function remove<Item extends WithOwners>(owned: Owned<Item>, ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = owned.findOwn(ask, ports);
  if (isRefusal(found)) return found;
  const owner = ask.params['owner'] ?? '';
  const done = await changeObject(ports.store, owned.form, found.objectId, (item) => {
    const owners = (item.owners ?? []).filter((one) => one !== owner);
    return owners.length === (item.owners ?? []).length
      ? refuseRequest(`Resource '${owner}' is not among the owners.`)
      : { ...item, owners };
  });
  return isRefusal(done) ? done : { status: 204 };
}
