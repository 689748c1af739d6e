import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { ServicePrincipal } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
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

const path = '/serviceprincipals/:id/approleassignments';

/**
 * The application permissions that principals have on Microsoft Graph: claim `roles` of their tokens.
 * @see https://learn.microsoft.com/graph/api/resources/approleassignment
 */
export const appRoleRoutes: readonly GraphRoute[] = [
  { method: 'GET', path, permission: 'readDirectory', handle: list },
  { method: 'POST', path, permission: 'writeAppRoles', handle: create },
  { method: 'DELETE', path: `${path}/:assignment`, permission: 'writeAppRoles', handle: remove },
];

function list(ask: Ask, ports: GraphPorts): GraphAnswer {
  const principal = findPrincipal(ask, ports);
  if (isRefusal(principal)) return principal;
  const objects = principal.appRoles.flatMap((role) => format(principal, role, ports));
  const filterable = ['id', 'resourceId', 'appRoleId'];
  const name = `serviceprincipals/${principal.objectId}/appRoleAssignments`;
  return formatCollection(objects, ask, { collection: 'appRoleAssignments', filterable, path: name });
}

async function create(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const principal = findPrincipal(ask, ports);
  if (isRefusal(principal)) return principal;
  const role = readRole(ask.body, principal, ports);
  if (isRefusal(role)) return role;
  const done = await changeObject(ports.store, principalForm, principal.objectId, (one) =>
    one.appRoles.includes(role)
      ? refuseRequest('Permission being assigned already exists on the object')
      : { ...one, appRoles: [...one.appRoles, role] },
  );
  return isRefusal(done) ? done : entity(ask, 'appRoleAssignments', format(done, role, ports)[0] ?? {}, 201);
}

async function remove(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const principal = findPrincipal(ask, ports);
  if (isRefusal(principal)) return principal;
  const wanted = ask.params['assignment'] ?? '';
  const role = principal.appRoles.find((one) => assignmentId(principal, one).toLowerCase() === wanted);
  if (role === undefined) return refuseMissing(wanted);
  const done = await changeObject(ports.store, principalForm, principal.objectId, (one) => ({
    ...one,
    appRoles: one.appRoles.filter((other) => other !== role),
  }));
  return isRefusal(done) ? done : { status: 204 };
}

/** `{principalId, resourceId, appRoleId}`: the one resource that has application permissions here is Microsoft Graph. */
function readRole(body: JsonObject, { objectId }: ServicePrincipal, { directory }: GraphPorts): string | Refusal {
  const { principalId, resourceId, appRoleId } = body;
  if (principalId !== objectId) return refuseRequest(`'principalId' must be '${objectId}', the principal in the path.`);
  const graph = graphObjectId(directory.tenant);
  if (resourceId !== graph)
    return refuseRequest(`'resourceId' must be '${graph}', the service principal of Microsoft Graph.`);
  const role = typeof appRoleId === 'string' ? graphAppRoles[appRoleId] : undefined;
  return role ?? refuseRequest(`Permission being assigned was not found on application '${graph}'.`);
}

function format(principal: ServicePrincipal, role: string, { directory }: GraphPorts): readonly JsonObject[] {
  const appRoleId = Object.entries(graphAppRoles).find(([, name]) => name === role)?.[0];
  if (appRoleId === undefined) return [];
  const assignment = {
    id: assignmentId(principal, role),
    deletedDateTime: null,
    appRoleId,
    createdDateTime: null,
    principalDisplayName: principal.displayName,
    principalId: principal.objectId,
    principalType: 'ServicePrincipal',
    resourceDisplayName: 'Microsoft Graph',
    resourceId: graphObjectId(directory.tenant),
  };
  return [assignment];
}

/** Follows from who has what: nothing else is kept of an assignment. */
function assignmentId({ objectId }: ServicePrincipal, role: string): string {
  return createHash('sha256').update(`${objectId}/${role}`).digest('base64url');
}
