import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Write } from '../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { type Application, applicationDocument, formatApplication, parseApplication } from '../application.ts';
import { formatPrincipal, principalDocument } from '../principal-document.ts';
import { readAppRoles } from './app-roles.ts';
import {
  applicationFacts,
  applicationFilters,
  applicationRules,
  formatGraphApplication,
} from './application-object.ts';
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
import { deleteApplication } from './delete-object.ts';
import { readUris } from './identifier-uris.ts';
import { readOwners } from './owner-bindings.ts';
import { refuseOwnership } from './permissions.ts';
import { mergeProperties, readProperties, readText } from './properties.ts';
import { refuseSize } from './size.ts';

/** Applications: what `az ad app` asks for. @see https://learn.microsoft.com/graph/api/resources/application */
export const applicationRoutes: readonly GraphRoute[] = [
  { method: 'GET', path: '/applications', permission: 'readDirectory', handle: list },
  { method: 'POST', path: '/applications', permission: 'writeApplications', handle: create },
  { method: 'GET', path: '/applications/:id', permission: 'readDirectory', handle: show },
  { method: 'PATCH', path: '/applications/:id', permission: 'writeApplications', handle: update },
  { method: 'DELETE', path: '/applications/:id', permission: 'writeApplications', handle: remove },
  { method: 'POST', path: '/applications/:id/addpassword', permission: 'writeApplications', handle: addPassword },
  { method: 'POST', path: '/applications/:id/removepassword', permission: 'writeApplications', handle: removePassword },
];

/** How applications are kept. */
export const applicationForm: Form<Application> = {
  key: applicationDocument,
  parse: parseApplication,
  format: formatApplication,
};

/** Finds an application by object id, or by app id where the path says `(appId='…')`. */
export function findApplication({ params }: Ask, { directory }: GraphPorts): Application | Refusal {
  const id = params['id'] ?? '';
  const found = id.startsWith('appid=')
    ? directory.applications.byAlias(id.slice('appid='.length))
    : directory.applications.get(id);
  return found ?? refuseMissing(id);
}

/** Finds an application that the caller may change. */
export function findOwnApplication(ask: Ask, ports: GraphPorts): Application | Refusal {
  const found = findApplication(ask, ports);
  return isRefusal(found) ? found : (refuseOwnership(ask.caller, found.owners) ?? found);
}

function list(ask: Ask, { directory }: GraphPorts): GraphAnswer {
  const domain = directory.tenant.defaultDomain;
  const listing = {
    items: directory.applications.all(),
    facts: applicationFacts,
    show: (one: Application) => formatGraphApplication(one, domain),
  };
  return formatListing(listing, ask, { collection: 'applications', filterable: applicationFilters });
}

function show(ask: Ask, ports: GraphPorts): GraphAnswer {
  const found = findApplication(ask, ports);
  return isRefusal(found) ? found : answer(ask, ports, found, 200);
}

function create(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  return ports.directory.inTurn(async () => {
    const { random, clock, store } = ports;
    const owners = readOwners(ask, ports);
    if (isRefusal(owners)) return owners;
    const displayName = readText(ask.body, 'displayName', 'Application', 256);
    if (isRefusal(displayName)) return displayName;
    const bare: Application = {
      objectId: random.uuid(),
      appId: random.uuid(),
      displayName,
      identifierUris: [],
      passwordCredentials: [],
      keyCredentials: [],
      owners,
      createdAt: clock.now(),
      properties: {},
    };
    const made = changed(bare, ask.body, ports);
    if (isRefusal(made)) return made;
    const put = applicationDocument(made.objectId);
    await store.transact([{ put, body: formatApplication(made), when: { absent: true } }]);
    return answer(ask, ports, made, 201);
  });
}

function update(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  return ports.directory.inTurn(async () => {
    const found = findOwnApplication(ask, ports);
    if (isRefusal(found)) return found;
    if ('owners@odata.bind' in ask.body)
      return refuseRequest("'owners@odata.bind' can be given only when it is created.");
    const change = (application: Application) => changed(application, ask.body, ports);
    const done = await changeObject(ports.store, applicationForm, found.objectId, change, (application) =>
      renamePrincipal(application, ports),
    );
    return isRefusal(done) ? done : { status: 204 };
  });
}

/** The application with what a body says. */
function changed(application: Application, body: JsonObject, ports: GraphPorts): Application | Refusal {
  const properties = readProperties(body, applicationRules);
  if (isRefusal(properties)) return properties;
  const named = 'displayName' in body ? readText(body, 'displayName', 'Application', 256) : application.displayName;
  if (isRefusal(named)) return named;
  const uris =
    'identifierUris' in body ? readUris(body['identifierUris'], application, ports) : application.identifierUris;
  if (isRefusal(uris)) return uris;
  const credentials = readCredentials(body, application, ports.random);
  if (isRefusal(credentials)) return credentials;
  const { appRoles } = body;
  const roles = appRoles === undefined ? undefined : readAppRoles(appRoles, application.properties['appRoles']);
  if (isRefusal(roles)) return roles;
  const given = roles === undefined ? properties : { ...properties, appRoles: roles };
  const whole = {
    ...application,
    ...credentials,
    displayName: named,
    identifierUris: uris,
    properties: mergeProperties(application.properties, given),
  };
  return refuseSize(whole) ?? whole;
}

/** The service principal answers by its application's names. */
function renamePrincipal(
  { appId, identifierUris, displayName }: Application,
  { directory }: GraphPorts,
): readonly Write[] {
  const principal = directory.servicePrincipalByAppId(appId);
  if (principal === undefined) return [];
  const renamed = { ...principal, displayName, servicePrincipalNames: [appId, ...identifierUris] };
  const body = formatPrincipal(renamed);
  return [{ put: principalDocument(principal.objectId), body, when: { exists: true } }];
}

async function remove(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findOwnApplication(ask, ports);
  return isRefusal(found) ? found : deleteApplication(found, ports);
}

async function addPassword(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findOwnApplication(ask, ports);
  if (isRefusal(found)) return found;
  const made = makePassword(ask.body, ports.clock.now(), ports.random);
  if (isRefusal(made)) return made;
  const done = await changeObject(ports.store, applicationForm, found.objectId, (application) => ({
    ...application,
    passwordCredentials: [...application.passwordCredentials, made.credential],
  }));
  if (isRefusal(done)) return done;
  const context = contextOf(ask, 'microsoft.graph.passwordCredential');
  return { status: 200, body: { '@odata.context': context, ...formatPassword(made.credential, made.secret) } };
}

async function removePassword(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findOwnApplication(ask, ports);
  if (isRefusal(found)) return found;
  const done = await changeObject(ports.store, applicationForm, found.objectId, (application) =>
    withoutPassword(application, ask.body),
  );
  return isRefusal(done) ? done : { status: 204 };
}

/** An object without the secret that a body names. Refuses one that it does not have. */
export function withoutPassword<Item extends Pick<Application, 'passwordCredentials'>>(
  item: Item,
  { keyId }: JsonObject,
): Item | Refusal {
  const left = item.passwordCredentials.filter((credential) => credential.keyId !== keyId);
  if (left.length < item.passwordCredentials.length) return { ...item, passwordCredentials: left };
  return refuseRequest(`No password credential found with keyId '${isJsonObject(keyId) ? '' : String(keyId)}'.`);
}

function answer(ask: Ask, { directory }: GraphPorts, application: Application, status: 200 | 201): GraphAnswer {
  const shown = formatGraphApplication(application, directory.tenant.defaultDomain);
  const object = withSelectedKeys(shown, application.keyCredentials, ask.query['$select']);
  return entity(ask, 'applications', selectProperties(object, ask.query['$select']), status);
}
