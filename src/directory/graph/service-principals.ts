import type { JsonObject } from '../../core/json.ts';
import type { ServicePrincipal } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { Application } from '../application.ts';
import { formatPrincipal, parsePrincipal, principalDocument } from '../principal-document.ts';
import { applicationForm, withoutPassword } from './applications.ts';
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
import { formatListing, selectProperties } from './collection.ts';
import { formatPassword, makePassword, readCredentials, withSelectedKeys } from './credentials.ts';
import { deletePrincipal } from './delete-object.ts';
import { graphPrincipal, microsoftGraph } from './microsoft-graph.ts';
import { readOwners } from './owner-bindings.ts';
import { refuseOwnership } from './permissions.ts';
import { mergeProperties, readProperties } from './properties.ts';
import { principalFacts, principalFilters, principalRules, showPrincipal } from './service-principal.ts';
import { refuseSize } from './size.ts';

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
  const { tenant } = directory;
  const graph = graphPrincipal(tenant);
  const listing = {
    items: [...directory.servicePrincipals(), graph],
    facts: (one: ServicePrincipal) => principalFacts(one, tenant.tenantId),
    show: (one: ServicePrincipal) => (one === graph ? microsoftGraph(tenant) : showPrincipal(one, directory)),
  };
  return formatListing(listing, ask, { collection: 'servicePrincipals', filterable: principalFilters });
}

function show(ask: Ask, ports: GraphPorts): GraphAnswer {
  const graph = microsoftGraph(ports.directory.tenant);
  const isGraph = [String(graph['id']), `appid=${graph['appId']}`].includes(ask.params['id'] ?? '');
  if (isGraph) return entity(ask, 'servicePrincipals', selectProperties(graph, ask.query['$select']));
  const found = findPrincipal(ask, ports);
  return isRefusal(found) ? found : answer(ask, ports, found, 200);
}

function create(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const { appId } = ask.body;
  const { directory, store } = ports;
  const application = typeof appId === 'string' ? directory.applications.byAlias(appId) : undefined;
  if (application === undefined) return Promise.resolve(refuseApplication(appId === undefined ? '' : String(appId)));
  return directory.inTurn(async () => {
    const made = makeOf(application, ask, ports);
    if (isRefusal(made)) return made;
    // The application is written again as it is: had it been deleted meanwhile, the principal would be without one.
    const put = { put: principalDocument(made.objectId), body: formatPrincipal(made), when: { absent: true } } as const;
    const done = await changeObject(
      store,
      applicationForm,
      application.objectId,
      (one) => one,
      () => [put],
    );
    return isRefusal(done) ? done : answer(ask, ports, made, 201);
  });
}

function makeOf(application: Application, ask: Ask, ports: GraphPorts): ServicePrincipal | Refusal {
  const { random, clock, directory } = ports;
  const denied = refuseOwnership(ask.caller, application.owners);
  if (denied !== undefined) return denied;
  if (directory.servicePrincipalByAppId(application.appId) !== undefined) {
    return refuse(
      'Request_MultipleObjectsWithSameKeyValue',
      `The service principal cannot be created, updated, or restored because the service principal name ${application.appId} is already in use.`,
    );
  }
  const owners = readOwners(ask, ports);
  if (isRefusal(owners)) return owners;
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
    owners,
    createdAt: clock.now(),
  };
  return changed(bare, ask.body, ports);
}

async function update(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findOwnPrincipal(ask, ports);
  if (isRefusal(found)) return found;
  if ('appId' in ask.body) return refuseRequest("Property 'appId' is read-only and cannot be set.");
  if ('owners@odata.bind' in ask.body)
    return refuseRequest("'owners@odata.bind' can be given only when it is created.");
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
  const credentials = readCredentials(body, principal, random);
  if (isRefusal(credentials)) return credentials;
  const whole = {
    ...principal,
    ...credentials,
    accountEnabled,
    properties: mergeProperties(principal.properties ?? {}, properties),
  };
  return refuseSize(whole) ?? whole;
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
  const { $select } = ask.query;
  const object = withSelectedKeys(showPrincipal(principal, directory), principal.keyCredentials ?? [], $select);
  return entity(ask, 'servicePrincipals', selectProperties(object, $select), status);
}
