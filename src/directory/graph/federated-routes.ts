import { isFederatedFault, judgeBeside, parseFederatedCredential } from '../../core/identity/federated-credential.ts';
import { refuseFaultAtGraph } from '../../core/identity/federated-fault.ts';
import type { JsonObject } from '../../core/json.ts';
import type { FederatedCredential } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { findApplication, findOwnApplication } from './applications.ts';
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

const path = '/applications/:id/federatedidentitycredentials';

/** Applications' federated identity credentials. @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export const federatedRoutes: readonly GraphRoute[] = [
  { method: 'GET', path, permission: 'readDirectory', handle: list },
  { method: 'POST', path, permission: 'writeApplications', handle: create },
  { method: 'GET', path: `${path}/:credential`, permission: 'readDirectory', handle: show },
  { method: 'PATCH', path: `${path}/:credential`, permission: 'writeApplications', handle: update },
  { method: 'DELETE', path: `${path}/:credential`, permission: 'writeApplications', handle: remove },
];

function list(ask: Ask, ports: GraphPorts): GraphAnswer {
  const application = findApplication(ask, ports);
  if (isRefusal(application)) return application;
  const { objectId } = application;
  return formatCollection(ports.directory.federatedCredentialsOf(objectId).map(format), ask, {
    collection: `applications('${objectId}')/federatedIdentityCredentials`,
    filterable: ['id', 'name', 'issuer', 'subject'],
    path: `applications/${objectId}/federatedIdentityCredentials`,
  });
}

function show(ask: Ask, ports: GraphPorts): GraphAnswer {
  const application = findApplication(ask, ports);
  if (isRefusal(application)) return application;
  const found = find(ask, ports, application.objectId);
  return isRefusal(found) ? found : answer(ask, application.objectId, found);
}

async function create(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const application = findOwnApplication(ask, ports);
  if (isRefusal(application)) return application;
  const { name } = ask.body;
  if (typeof name !== 'string') {
    return refuseRequest("A value is required for property 'name' of resource 'FederatedIdentityCredential'.");
  }
  const existing = ports.directory.federatedCredentialsOf(application.objectId);
  if (existing.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
    return refuseRequest(`FederatedIdentityCredential with name ${name} already exists.`);
  }
  return save(ask, ports, application.objectId, { id: ports.random.uuid(), name, described: ask.body }, 201);
}

async function update(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const application = findOwnApplication(ask, ports);
  if (isRefusal(application)) return application;
  const found = find(ask, ports, application.objectId);
  if (isRefusal(found)) return found;
  const { name = found.name } = ask.body;
  if (name !== found.name) return refuseRequest("Property 'name' is read-only and cannot be set.");
  const described = { ...format(found), ...ask.body };
  const saved = await save(ask, ports, application.objectId, { id: found.id, name: found.name, described }, 200);
  return isRefusal(saved) ? saved : { status: 204 };
}

async function remove(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const application = findOwnApplication(ask, ports);
  if (isRefusal(application)) return application;
  const found = find(ask, ports, application.objectId);
  if (isRefusal(found)) return found;
  await ports.store.transact(ports.directory.planFederatedCredentialRemoval(application.objectId, found.name));
  return { status: 204 };
}

interface Described {
  readonly id: string;
  readonly name: string;
  readonly described: JsonObject;
}

async function save(
  ask: Ask,
  { directory, store }: GraphPorts,
  ownerId: string,
  { id, name, described }: Described,
  status: 200 | 201,
): Promise<GraphAnswer> {
  const read = parseFederatedCredential(name, described);
  if (isFederatedFault(read)) return refuseFaultAtGraph(read);
  const fault = judgeBeside(read, directory.federatedCredentialsOf(ownerId));
  if (fault !== undefined) return refuseFaultAtGraph(fault);
  const credential = { ...read, id };
  await store.transact(directory.planFederatedCredential(ownerId, credential));
  return answer(ask, ownerId, credential, status);
}

/** By id or by name. */
function find({ params }: Ask, { directory }: GraphPorts, ownerId: string): FederatedCredential | Refusal {
  const wanted = params['credential'] ?? '';
  const all = directory.federatedCredentialsOf(ownerId);
  return all.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted) ?? refuseMissing(wanted);
}

function answer(ask: Ask, ownerId: string, credential: FederatedCredential, status: 200 | 201 = 200): GraphAnswer {
  return entity(ask, `applications('${ownerId}')/federatedIdentityCredentials`, format(credential), status);
}

function format({ id, name, issuer, subject, audiences, description }: FederatedCredential): JsonObject {
  return { id, name, issuer, subject, audiences: [...audiences], description: description ?? null };
}
