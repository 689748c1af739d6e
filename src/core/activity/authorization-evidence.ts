import type { JsonObject } from '../json.ts';
import type { Grant } from '../rbac/decision.ts';
import { nameOf } from '../resource-id.ts';

/**
 * `authorization.role` and `.evidence`: the assignment by which a request was allowed; nothing where there is none. GUIDs
 * are written without hyphens there, as the documented event has them.
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema "Schema from storage account and event hubs"
 */
export function formatEvidence(grant: Grant | undefined): JsonObject {
  if (grant === undefined) return {};
  const { assignment, role } = grant;
  return {
    role: role.roleName,
    evidence: {
      role: role.roleName,
      roleAssignmentScope: assignment.scope,
      roleAssignmentId: withoutHyphens(nameOf(assignment.id)),
      roleDefinitionId: withoutHyphens(nameOf(assignment.roleDefinitionId)),
      principalId: withoutHyphens(assignment.principalId),
      principalType: assignment.principalType,
    },
  };
}

function withoutHyphens(guid: string): string {
  return guid.replaceAll('-', '');
}
