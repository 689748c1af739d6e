import type { Json, JsonObject } from '../../core/json.ts';
import type { Document } from '../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import {
  type PermissionGrant,
  parsePermissionGrant,
  permissionGrantDocument,
  permissionGrantId,
  permissionGrantsRoot,
} from '../permission-grant.ts';
import { findResource } from './app-role-resource.ts';
import {
  type Ask,
  entity,
  type GraphAnswer,
  type GraphPorts,
  type GraphRoute,
  refuseMissing,
  refuseRequest,
} from './ask.ts';
import { formatCollection } from './collection.ts';
import { findPrincipal } from './service-principals.ts';

const all = '/oauth2permissiongrants';

/**
 * Delegated permissions: what `az ad app permission grant` and `list-grants` ask for.
 * @see https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant
 */
export const permissionGrantRoutes: readonly GraphRoute[] = [
  { method: 'GET', path: all, permission: 'readGrants', handle: list },
  { method: 'POST', path: all, permission: 'writeGrants', handle: create },
  { method: 'GET', path: `${all}/:id`, permission: 'readGrants', handle: show },
  { method: 'PATCH', path: `${all}/:id`, permission: 'writeGrants', handle: update },
  { method: 'DELETE', path: `${all}/:id`, permission: 'writeGrants', handle: remove },
  { method: 'GET', path: `/serviceprincipals/:id${all}`, permission: 'readGrants', handle: listOfClient },
];

const collection = 'oauth2PermissionGrants';
const filterable = ['id', 'clientId', 'consentType', 'principalId', 'resourceId', 'scope'];

async function list(ask: Ask, { store }: GraphPorts): Promise<GraphAnswer> {
  const grants = await store.list(permissionGrantsRoot);
  return formatCollection(grants.map(formatStored), ask, { collection, filterable });
}

async function listOfClient(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const client = findPrincipal(ask, ports);
  if (isRefusal(client)) return client;
  const grants = (await ports.store.list(permissionGrantsRoot)).filter(
    ({ body }) => parsePermissionGrant(body).clientId === client.objectId,
  );
  const path = `servicePrincipals/${client.objectId}/${collection}`;
  return formatCollection(grants.map(formatStored), ask, { collection, filterable, path });
}

async function create(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const grant = readGrant(ask, ports);
  if (isRefusal(grant)) return grant;
  const put = permissionGrantDocument(grant);
  const done = await ports.store.transact([{ put, body: { ...grant }, when: { absent: true } }]);
  if (!('conflict' in done)) return entity(ask, collection, format(grant), 201);
  return refuse('Request_MultipleObjectsWithSameKeyValue', 'Permission entry already exists.');
}

async function show(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = await find(ask, ports);
  return isRefusal(found) ? found : entity(ask, collection, formatStored(found));
}

async function update(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = await find(ask, ports);
  if (isRefusal(found)) return found;
  const fixed = Object.keys(ask.body).find((name) => name !== 'scope' && !name.startsWith('@'));
  if (fixed !== undefined) return refuseRequest(`Property '${fixed}' cannot be changed: only 'scope' can.`);
  const scope = readScope(ask.body['scope']);
  if (isRefusal(scope)) return scope;
  const body: JsonObject = { ...found.body, scope };
  const done = await ports.store.transact([{ put: found.key, body, when: { exists: true } }]);
  return 'conflict' in done ? refuseMissing(ask.params['id'] ?? '') : { status: 204 };
}

async function remove(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = await find(ask, ports);
  if (isRefusal(found)) return found;
  await ports.store.transact([{ remove: found.key }]);
  return { status: 204 };
}

async function find({ params }: Ask, { store }: GraphPorts): Promise<Document | Refusal> {
  const id = params['id'] ?? '';
  const found = (await store.list(permissionGrantsRoot)).find(
    ({ body }) => permissionGrantId(parsePermissionGrant(body)) === id,
  );
  return found ?? refuseMissing(id);
}

/** A grant for one user names somebody whom this directory does not have. */
function readGrant({ body }: Ask, ports: GraphPorts): PermissionGrant | Refusal {
  const { clientId, resourceId, consentType, principalId = null } = body;
  if (typeof clientId !== 'string' || typeof resourceId !== 'string') {
    return refuseRequest("The body must have 'clientId' and 'resourceId', each the object id of a service principal.");
  }
  if (consentType !== 'AllPrincipals' && consentType !== 'Principal') {
    return refuseRequest(
      "'consentType' must be 'AllPrincipals', for every user, or 'Principal', for the one in 'principalId'.",
    );
  }
  if (consentType === 'Principal') return refuseMissing(String(principalId));
  if (principalId !== null) return refuseRequest("'principalId' must be null where 'consentType' is 'AllPrincipals'.");
  const client = ports.directory.servicePrincipal(clientId);
  if (client === undefined) return refuseMissing(clientId);
  const resource = findResource(resourceId.toLowerCase(), ports);
  if (isRefusal(resource)) return resource;
  const scope = readScope(body['scope'] ?? '');
  return isRefusal(scope) ? scope : { clientId: client.objectId, resourceId: resource.objectId, scope };
}

/** At most 3850 characters, as Graph's document of the resource says. */
function readScope(value: Json | undefined): string | Refusal {
  if (typeof value === 'string' && value.length <= 3850) return value;
  return refuseRequest(
    "'scope' must be a text of at most 3850 characters: names of permissions with a space between two.",
  );
}

function formatStored({ body }: Document): JsonObject {
  return format(parsePermissionGrant(body));
}

function format(grant: PermissionGrant): JsonObject {
  const { clientId, resourceId, scope } = grant;
  return { id: permissionGrantId(grant), clientId, consentType: 'AllPrincipals', principalId: null, resourceId, scope };
}
