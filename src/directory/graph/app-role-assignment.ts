import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { ServicePrincipal } from '../../core/ports/directory.ts';
import type { EpochMillis } from '../../core/time.ts';
import type { GraphPorts } from './ask.ts';
import { formatTime } from './format-time.ts';
import { graphAppRoles, graphObjectId } from './microsoft-graph.ts';

/** One application permission of a principal. Its id follows from who has what on which resource. */
export interface AppRoleAssignment {
  readonly principal: ServicePrincipal;
  readonly resourceId: string;
  readonly appRoleId: string;
  /** Unknown of those on Microsoft Graph, of which the directory keeps the names alone. */
  readonly grantedAt?: EpochMillis;
}

/** All that a principal has. */
export function assignmentsOf(principal: ServicePrincipal, { directory }: GraphPorts): readonly AppRoleAssignment[] {
  const resourceId = graphObjectId(directory.tenant);
  const onGraph = Object.entries(graphAppRoles).filter(([, name]) => principal.appRoles.includes(name));
  return [
    ...onGraph.map(([appRoleId]) => ({ principal, resourceId, appRoleId })),
    ...(principal.appRoleGrants ?? []).map((grant) => ({ principal, ...grant })),
  ];
}

/** The principal without an assignment. */
export function withoutAssignment(
  principal: ServicePrincipal,
  { resourceId, appRoleId }: AppRoleAssignment,
  { directory }: GraphPorts,
): ServicePrincipal {
  if (resourceId === graphObjectId(directory.tenant)) {
    return { ...principal, appRoles: principal.appRoles.filter((name) => name !== graphAppRoles[appRoleId]) };
  }
  const left = (principal.appRoleGrants ?? []).filter(
    (grant) => grant.resourceId !== resourceId || grant.appRoleId !== appRoleId,
  );
  return { ...principal, appRoleGrants: left };
}

/** The id of an assignment, in base64url. */
export function assignmentId({ principal, resourceId, appRoleId }: AppRoleAssignment): string {
  return createHash('sha256').update(`${principal.objectId}/${resourceId}/${appRoleId}`).digest('base64url');
}

/** An assignment as Graph shows it. @see https://learn.microsoft.com/graph/api/resources/approleassignment */
export function formatAssignment(assignment: AppRoleAssignment, { directory }: GraphPorts): JsonObject {
  const { principal, resourceId, appRoleId, grantedAt } = assignment;
  const isGraph = resourceId === graphObjectId(directory.tenant);
  return {
    id: assignmentId(assignment),
    deletedDateTime: null,
    appRoleId,
    createdDateTime: grantedAt === undefined ? null : formatTime(grantedAt),
    principalDisplayName: principal.displayName,
    principalId: principal.objectId,
    principalType: 'ServicePrincipal',
    resourceDisplayName: isGraph ? 'Microsoft Graph' : (directory.servicePrincipal(resourceId)?.displayName ?? null),
    resourceId,
  };
}
