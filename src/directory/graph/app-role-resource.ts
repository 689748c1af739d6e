import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { type GraphPorts, refuseMissing } from './ask.ts';
import { graphAppRoles, graphObjectId } from './microsoft-graph.ts';

/** What application permissions are given on: Microsoft Graph, or an application of this directory. */
export interface AppRoleResource {
  /** Object id of its service principal. */
  readonly objectId: string;
  readonly displayName: string;
  readonly isGraph: boolean;
  /** Its roles that applications can have, by id. */
  readonly roles: ReadonlyMap<string, string | null>;
}

/** The role that an application without roles of its own has: it is given, and gives nothing. */
const defaultAccess = '00000000-0000-0000-0000-000000000000';

/** Finds a resource by the object id of its service principal. Refuses `Request_ResourceNotFound`. */
export function findResource(objectId: string, { directory }: GraphPorts): AppRoleResource | Refusal {
  if (objectId === graphObjectId(directory.tenant)) {
    return { objectId, displayName: 'Microsoft Graph', isGraph: true, roles: new Map(Object.entries(graphAppRoles)) };
  }
  const principal = directory.servicePrincipal(objectId);
  if (principal === undefined) return refuseMissing(objectId);
  const appRoles = directory.applications.byAlias(principal.appId)?.properties['appRoles'];
  const roles = (Array.isArray(appRoles) ? appRoles.filter(isJsonObject) : []).filter(isForApplications);
  const byId = new Map(roles.map(({ id, value }) => [String(id), typeof value === 'string' ? value : null]));
  if (byId.size === 0) byId.set(defaultAccess, null);
  return { objectId: principal.objectId, displayName: principal.displayName, isGraph: false, roles: byId };
}

/** Graph's 400 for a role that the resource does not have. */
export function refuseRole(appRoleId: string, { objectId }: AppRoleResource): Refusal {
  return refuse(
    'Request_BadRequest',
    `Permission being assigned was not found on application '${objectId}': it has no enabled role '${appRoleId}' for applications.`,
  );
}

function isForApplications({ allowedMemberTypes, isEnabled }: JsonObject): boolean {
  return isEnabled === true && Array.isArray(allowedMemberTypes) && allowedMemberTypes.includes('Application');
}
