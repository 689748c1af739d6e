import type { JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { parseApplication } from '../application.ts';
import type { DeletableKind, DeletedItem } from '../deleted-items.ts';
import { parseGroup } from '../group.ts';
import { parsePrincipal } from '../principal-document.ts';
import { applicationType, formatGraphApplication } from './application-object.ts';
import { type Ask, entity, type GraphAnswer, type GraphPorts, type GraphRoute, refuseMissing } from './ask.ts';
import { formatCollection } from './collection.ts';
import { formatTime } from './format-time.ts';
import { formatGraphGroup, groupType } from './group-object.ts';
import { type GraphPermission, refuseOwnership, refusePermission } from './permissions.ts';
import { ownersOf, planRemoval, restoreItem } from './restore-object.ts';
import { formatServicePrincipal, servicePrincipalType } from './service-principal.ts';

/** Deleted objects, for 30 days. @see https://learn.microsoft.com/graph/api/resources/directory */
export const deletedItemRoutes: readonly GraphRoute[] = [
  ...(['application', 'servicePrincipal', 'group'] as const).map(
    (kind): GraphRoute => ({
      method: 'GET',
      path: `/directory/deleteditems/microsoft.graph.${kind.toLowerCase()}`,
      permission: kind === 'group' ? 'readGroups' : 'readDirectory',
      handle: (ask, ports) => list(kind, ask, ports),
    }),
  ),
  { method: 'GET', path: '/directory/deleteditems/:id', permission: 'readMemberships', handle: show },
  { method: 'POST', path: '/directory/deleteditems/:id/restore', permission: 'writeDeletedItems', handle: restore },
  { method: 'DELETE', path: '/directory/deleteditems/:id', permission: 'writeDeletedItems', handle: remove },
];

/** What each kind needs of who restores or removes it for good: it is known when the object is. */
const writing: Readonly<Record<DeletableKind, GraphPermission>> = {
  application: 'writeApplications',
  servicePrincipal: 'writeApplications',
  group: 'writeGroups',
};

function list(kind: DeletableKind, ask: Ask, ports: GraphPorts): GraphAnswer {
  const items = ports.directory.deletedItems().filter((item) => item.kind === kind);
  return formatCollection(
    items.map((item) => format(item, ports)),
    ask,
    {
      collection: 'directoryObjects',
      filterable: ['id', 'appId', 'displayName'],
      path: `directory/deletedItems/microsoft.graph.${kind}`,
    },
  );
}

function show(ask: Ask, ports: GraphPorts): GraphAnswer {
  const item = find(ask, ports);
  if (isRefusal(item)) return item;
  const denied = refusePermission(ask.caller.roles, item.kind === 'group' ? 'readGroups' : 'readDirectory');
  return denied ?? entity(ask, 'directoryObjects', format(item, ports));
}

async function restore(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const item = findForWriting(ask, ports);
  if (isRefusal(item)) return item;
  const refused = await restoreItem(item, ports);
  return refused ?? entity(ask, 'directoryObjects', { ...format(item, ports), deletedDateTime: null });
}

async function remove(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const item = findForWriting(ask, ports);
  if (isRefusal(item)) return item;
  await ports.store.transact(planRemoval(item, ports));
  return { status: 204 };
}

function find({ params }: Ask, { directory }: GraphPorts): DeletedItem | Refusal {
  const id = params['id'] ?? '';
  return directory.deletedItems().find(({ objectId }) => objectId === id) ?? refuseMissing(id);
}

function findForWriting(ask: Ask, ports: GraphPorts): DeletedItem | Refusal {
  const item = find(ask, ports);
  if (isRefusal(item)) return item;
  const denied = refusePermission(ask.caller.roles, writing[item.kind]);
  if (denied !== undefined || item.kind === 'group') return denied ?? item;
  return refuseOwnership(ask.caller, ownersOf(item)) ?? item;
}

/** A deleted object as it was, with the time at which it went. */
function format({ kind, documents, deletedAt }: DeletedItem, { directory }: GraphPorts): JsonObject {
  const [own] = documents;
  if (own === undefined) throw new Error('a deleted object has none of its documents');
  const deletedDateTime = formatTime(deletedAt);
  const { tenantId, defaultDomain } = directory.tenant;
  switch (kind) {
    case 'application':
      return {
        '@odata.type': applicationType,
        ...formatGraphApplication(parseApplication(own.body), defaultDomain),
        deletedDateTime,
      };
    case 'servicePrincipal':
      return {
        '@odata.type': servicePrincipalType,
        ...formatServicePrincipal(parsePrincipal(own.body), tenantId),
        deletedDateTime,
      };
    case 'group':
      return { '@odata.type': groupType, ...formatGraphGroup(parseGroup(own.body)), deletedDateTime };
  }
}
