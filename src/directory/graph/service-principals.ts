import type { JsonObject } from '../../core/json.ts';
import type { ServicePrincipal } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { formatPrincipal, parsePrincipal, principalDocument } from '../principal-document.ts';
import { withoutPassword } from './applications.ts';
import {
  type Ask,
  contextOf,
  entity,
  type GraphAnswer,
  type GraphPorts,
  type GraphRoute,
  refuseMissing,
  refuseRequest,
} from './ask.ts';
import { changeObject, type Form } from './change.ts';
import { formatCollection, selectProperties } from './collection.ts';
import { formatPassword, makePassword, readKeys } from './credentials.ts';
import { deletePrincipal } from './delete-object.ts';
import { microsoftGraph } from './microsoft-graph.ts';
import { refuseOwnership } from './permissions.ts';
import { readProperties } from './properties.ts';
import { formatServicePrincipal, principalFilters, principalRules } from './service-principal.ts';

/** Service principals: what `az ad sp` asks for. @see https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const principalRoutes: readonly GraphRoute[] = [
  { method: 'GET', path: '/serviceprincipals', permission: 'readDirectory', handle: list },
  { method: 'POST', path: '/serviceprincipals', permission: 'writeApplications', handle: create },
  { method: 'GET', path: '/serviceprincipals/:id', permission: 'readDirectory', handle: show },
  { method: 'PATCH', path: '/serviceprincipals/:id', permission: 'writeApplications', handle: update },
  { method: 'DELETE', path: '/serviceprincipals/:id', permission: 'writeApplications', handle: remove },
  { method: 'POST', path: '/serviceprincipals/:id/addpassword', permission: 'writeApplications', handle: addPassword },
  {
    method: 'POST',
    path: '/serviceprincipals/:id/removepassword',
    permission: 'writeApplications',
    handle: removePassword,
  },
];

/** How service principals are kept. */
export const principalForm: Form<ServicePrincipal> = {
  key: principalDocument,
  parse: parsePrincipal,
  format: formatPrincipal,
};

/** Finds a service principal by object id, or by app id where the path says `(appId='…')`. */
export function findPrincipal({ params }: Ask, { directory }: GraphPorts): ServicePrincipal | Refusal {
  const id = params['id'] ?? '';
  const found = id.startsWith('appid=')
    ? directory.servicePrincipalByAppId(id.slice('appid='.length))
    : directory.servicePrincipal(id);
  return found ?? refuseMissing(id);
}

/** Finds a service principal that the caller may change: its own, or any, but never a managed identity's. */
export function findOwnPrincipal(ask: Ask, ports: GraphPorts): ServicePrincipal | Refusal {
  const found = findPrincipal(ask, ports);
  if (isRefusal(found)) return found;
  if (found.servicePrincipalType === 'ManagedIdentity') {
    return refuse(
      'Authorization_RequestDenied',
      `Insufficient privileges to complete the operation. The service principal '${found.objectId}' is a managed identity's: it changes with the resource '${found.resourceId}'.`,
    );
  }
  return refuseOwnership(ask.caller, found.owners ?? []) ?? found;
}

function list(ask: Ask, { directory }: GraphPorts): GraphAnswer {
  const { tenantId } = directory.tenant;
  const objects = [
    ...directory.servicePrincipals().map((one) => formatServicePrincipal(one, tenantId)),
    microsoftGraph(directory.tenant),
  ];
  return formatCollection(objects, ask, { collection: 'servicePrincipals', filterable: principalFilters });
}

function show(ask: Ask, ports: GraphPorts): GraphAnswer {
  const graph = microsoftGraph(ports.directory.tenant);
  const isGraph = [String(graph['id']), `appid=${graph['appId']}`].includes(ask.params['id'] ?? '');
  if (isGraph) return entity(ask, 'servicePrincipals', selectProperties(graph, ask.query['$select']));
  const found = findPrincipal(ask, ports);
  return isRefusal(found) ? found : answer(ask, ports, found, 200);
}

async function create(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const { random, clock, store, directory } = ports;
  const { appId } = ask.body;
  const application = typeof appId === 'string' ? directory.applications.byAlias(appId) : undefined;
  if (application === undefined) return refuseApplication(appId === undefined ? '' : String(appId));
  const denied = refuseOwnership(ask.caller, application.owners);
  if (denied !== undefined) return denied;
  if (directory.servicePrincipalByAppId(application.appId) !== undefined) {
    return refuse(
      'Request_MultipleObjectsWithSameKeyValue',
      `The service principal cannot be created, updated, or restored because the service principal name ${application.appId} is already in use.`,
    );
  }
  const bare: ServicePrincipal = {
    objectId: random.uuid(),
    appId: application.appId,
    displayName: application.displayName,
    servicePrincipalType: 'Application',
    accountEnabled: true,
    alternativeNames: [],
    servicePrincipalNames: [application.appId, ...application.identifierUris],
    appRoles: [],
    passwordCredentials: [],
    owners: [ask.caller.objectId],
    createdAt: clock.now(),
  };
  const made = changed(bare, ask.body, ports);
  if (isRefusal(made)) return made;
  await store.transact([
    { put: principalDocument(made.objectId), body: formatPrincipal(made), when: { absent: true } },
  ]);
  return answer(ask, ports, made, 201);
}

async function update(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findOwnPrincipal(ask, ports);
  if (isRefusal(found)) return found;
  if ('appId' in ask.body) return refuseRequest("Property 'appId' is read-only and cannot be set.");
  const change = (principal: ServicePrincipal) => changed(principal, ask.body, ports);
  const done = await changeObject(ports.store, principalForm, found.objectId, change);
  return isRefusal(done) ? done : { status: 204 };
}

function changed(principal: ServicePrincipal, body: JsonObject, { random }: GraphPorts): ServicePrincipal | Refusal {
  const properties = readProperties(body, principalRules);
  if (isRefusal(properties)) return properties;
  const { accountEnabled = principal.accountEnabled } = body;
  if (typeof accountEnabled !== 'boolean') {
    return refuseRequest("Invalid value specified for property 'accountEnabled' of resource 'ServicePrincipal'.");
  }
  const existing = principal.keyCredentials ?? [];
  const keys = 'keyCredentials' in body ? readKeys(body['keyCredentials'], existing, random) : existing;
  if (isRefusal(keys)) return keys;
  const kept = { ...principal.properties, ...properties };
  return {
    ...principal,
    accountEnabled,
    keyCredentials: keys,
    ...(Object.keys(kept).length === 0 ? {} : { properties: kept }),
  };
}

async function remove(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findOwnPrincipal(ask, ports);
  return isRefusal(found) ? found : deletePrincipal(found, ports);
}

async function addPassword(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findOwnPrincipal(ask, ports);
  if (isRefusal(found)) return found;
  const made = makePassword(ask.body, ports.clock.now(), ports.random);
  if (isRefusal(made)) return made;
  const done = await changeObject(ports.store, principalForm, found.objectId, (principal) => ({
    ...principal,
    passwordCredentials: [...principal.passwordCredentials, made.credential],
  }));
  if (isRefusal(done)) return done;
  const context = contextOf(ask, 'microsoft.graph.passwordCredential');
  return { status: 200, body: { '@odata.context': context, ...formatPassword(made.credential, made.secret) } };
}

async function removePassword(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findOwnPrincipal(ask, ports);
  if (isRefusal(found)) return found;
  const done = await changeObject(ports.store, principalForm, found.objectId, (principal) =>
    withoutPassword(principal, ask.body),
  );
  return isRefusal(done) ? done : { status: 204 };
}

function refuseApplication(appId: string): Refusal {
  return refuseRequest(`The appId '${appId}' of the service principal does not reference a valid application object.`);
}

function answer(ask: Ask, { directory }: GraphPorts, principal: ServicePrincipal, status: 200 | 201): GraphAnswer {
  const object = formatServicePrincipal(principal, directory.tenant.tenantId);
  return entity(ask, 'servicePrincipals', selectProperties(object, ask.query['$select']), status);
}
