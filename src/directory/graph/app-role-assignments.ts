import type { ServicePrincipal } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { graphAppId } from '../../core/token/audiences.ts';
import {
  type AppRoleAssignment,
  assignmentId,
  assignmentsOf,
  formatAssignment,
  withoutAssignment,
} from './app-role-assignment.ts';
import { findResource, refuseRole } from './app-role-resource.ts';
import {
  type Ask,
  entity,
  type GraphAnswer,
  type GraphPorts,
  type GraphRoute,
  refuseMissing,
  refuseRequest,
} from './ask.ts';
import { changeObject } from './change.ts';
import { formatCollection } from './collection.ts';
import { graphAppRoles, graphObjectId } from './microsoft-graph.ts';
import { findPrincipal, principalForm } from './service-principals.ts';

const given = '/serviceprincipals/:id/approleassignments';
const taken = '/serviceprincipals/:id/approleassignedto';

/**
 * The application permissions of principals, claim `roles` of their tokens: by who has them, and by the resource that they are on.
 * @see https://learn.microsoft.com/graph/api/resources/approleassignment
 */
export const appRoleRoutes: readonly GraphRoute[] = [
  { method: 'GET', path: given, permission: 'readDirectory', handle: listGiven },
  {
    method: 'POST',
    path: given,
    permission: 'writeAppRoles',
    handle: (ask, ports) => create(ask, ports, 'principalId'),
  },
  { method: 'DELETE', path: `${given}/:assignment`, permission: 'writeAppRoles', handle: removeGiven },
  { method: 'GET', path: taken, permission: 'readDirectory', handle: listTaken },
  {
    method: 'POST',
    path: taken,
    permission: 'writeAppRoles',
    handle: (ask, ports) => create(ask, ports, 'resourceId'),
  },
  { method: 'DELETE', path: `${taken}/:assignment`, permission: 'writeAppRoles', handle: removeTaken },
];

function listGiven(ask: Ask, ports: GraphPorts): GraphAnswer {
  const principal = findPrincipal(ask, ports);
  return isRefusal(principal) ? principal : list(assignmentsOf(principal, ports), 'appRoleAssignments', ask, ports);
}

function listTaken(ask: Ask, ports: GraphPorts): GraphAnswer {
  const assignments = assignmentsOn(ask, ports);
  return isRefusal(assignments) ? assignments : list(assignments, 'appRoleAssignedTo', ask, ports);
}

function list(assignments: readonly AppRoleAssignment[], name: string, ask: Ask, ports: GraphPorts): GraphAnswer {
  const objects = assignments.map((assignment) => formatAssignment(assignment, ports));
  const filterable = ['id', 'principalId', 'resourceId', 'appRoleId'];
  const path = `servicePrincipals/${ask.params['id']}/${name}`;
  return formatCollection(objects, ask, { collection: 'appRoleAssignments', filterable, path });
}

/** `{principalId, resourceId, appRoleId}`, of which the one named `inPath` is the object in the path. */
async function create(ask: Ask, ports: GraphPorts, inPath: 'principalId' | 'resourceId'): Promise<GraphAnswer> {
  const object = objectIdOf(ask, ports);
  const { principalId, resourceId, appRoleId } = ask.body;
  if (typeof principalId !== 'string' || typeof resourceId !== 'string' || typeof appRoleId !== 'string') {
    return refuseRequest("The body must have 'principalId', 'resourceId' and 'appRoleId', each the id of an object.");
  }
  if (String(ask.body[inPath]).toLowerCase() !== object) {
    return refuseRequest(`'${inPath}' must be '${object}', the service principal in the path.`);
  }
  const resource = findResource(resourceId.toLowerCase(), ports);
  if (isRefusal(resource)) return resource;
  const principal = ports.directory.servicePrincipal(principalId);
  if (principal === undefined) return refuseMissing(principalId);
  const role = appRoleId.toLowerCase();
  if (!resource.roles.has(role)) return refuseRole(appRoleId, resource);
  const wanted = { resourceId: resource.objectId, appRoleId: role, grantedAt: ports.clock.now() };
  const done = await changeObject(ports.store, principalForm, principal.objectId, (one) => granted(one, wanted, ports));
  if (isRefusal(done)) return done;
  const made = assignmentsOf(done, ports).find((one) => isOf(one, wanted));
  return made === undefined
    ? refuseMissing(role)
    : entity(ask, 'appRoleAssignments', formatAssignment(made, ports), 201);
}

function granted(
  principal: ServicePrincipal,
  wanted: Required<Omit<AppRoleAssignment, 'principal'>>,
  ports: GraphPorts,
): ServicePrincipal | Refusal {
  if (assignmentsOf(principal, ports).some((one) => isOf(one, wanted))) {
    return refuseRequest('Permission being assigned already exists on the object');
  }
  const name = graphAppRoles[wanted.appRoleId];
  return wanted.resourceId === graphObjectId(ports.directory.tenant) && name !== undefined
    ? { ...principal, appRoles: [...principal.appRoles, name] }
    : { ...principal, appRoleGrants: [...(principal.appRoleGrants ?? []), wanted] };
}

function removeGiven(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> | Refusal {
  const principal = findPrincipal(ask, ports);
  return isRefusal(principal) ? principal : remove(assignmentsOf(principal, ports), ask, ports);
}

function removeTaken(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> | Refusal {
  const assignments = assignmentsOn(ask, ports);
  return isRefusal(assignments) ? assignments : remove(assignments, ask, ports);
}

async function remove(assignments: readonly AppRoleAssignment[], ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const wanted = ask.params['assignment'] ?? '';
  const found = assignments.find((one) => assignmentId(one).toLowerCase() === wanted);
  if (found === undefined) return refuseMissing(wanted);
  const done = await changeObject(ports.store, principalForm, found.principal.objectId, (one) =>
    withoutAssignment(one, found, ports),
  );
  return isRefusal(done) ? done : { status: 204 };
}

/** Everyone's assignments on the resource in the path. */
function assignmentsOn(ask: Ask, ports: GraphPorts): readonly AppRoleAssignment[] | Refusal {
  const resource = findResource(objectIdOf(ask, ports), ports);
  if (isRefusal(resource)) return resource;
  const all = ports.directory.servicePrincipals().flatMap((principal) => assignmentsOf(principal, ports));
  return all.filter(({ resourceId }) => resourceId === resource.objectId);
}

/** The object id of the service principal in the path, which may name it by `(appId='…')`. */
function objectIdOf({ params }: Ask, { directory }: GraphPorts): string {
  const id = params['id'] ?? '';
  if (!id.startsWith('appid=')) return id;
  const appId = id.slice('appid='.length);
  return appId === graphAppId
    ? graphObjectId(directory.tenant)
    : (directory.servicePrincipalByAppId(appId)?.objectId ?? id);
}

function isOf(a: Omit<AppRoleAssignment, 'principal'>, b: Omit<AppRoleAssignment, 'principal'>): boolean {
  return a.resourceId === b.resourceId && a.appRoleId === b.appRoleId;
}
