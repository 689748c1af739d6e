import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { PrincipalType } from '../../../../core/ports/directory.ts';
import { formatInForce } from '../../../../core/rbac/documents.ts';
import type { AssignmentTerms } from '../../../../core/rbac/role-assignment.ts';
import { nameOf } from '../../../../core/resource-id.ts';
import { type EpochMillis, formatArmTime } from '../../../../core/time.ts';
import { formatRoleDefinitionId } from '../role-definitions/role-definition-id.ts';

/** What a role assignment's document is made from; its condition is in the language of version 2.0. */
export interface AssignmentFacts extends AssignmentTerms {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  /** The role's GUID. */
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  readonly description: string | null;
  /** Default null. */
  readonly delegatedManagedIdentityResourceId?: string | null;
}

/** The document of a new role assignment, in the shape of 2022-04-01. */
export function formatAssignment(facts: AssignmentFacts, createdBy: string, now: EpochMillis): JsonObject {
  const { id, name, scope, roleDefinitionId, principalId, principalType, description } = facts;
  const { delegatedManagedIdentityResourceId = null, condition = null } = facts;
  return {
    id,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: formatRoleDefinitionId(scope, roleDefinitionId),
      principalId,
      principalType,
      scope,
      condition,
      conditionVersion: condition === null ? null : '2.0',
      createdOn: formatArmTime(now),
      updatedOn: formatArmTime(now),
      createdBy,
      updatedBy: createdBy,
      delegatedManagedIdentityResourceId,
      description,
    },
    ...formatInForce(facts),
  };
}

const since2020 = ['condition', 'conditionVersion', 'delegatedManagedIdentityResourceId', 'description'];

/**
 * A stored role assignment as an api-version answers it: no `principalType` before 2018-09-01-preview, none of the
 * condition, description and delegation before 2020-04-01-preview; the role's id spelled for the scope that was asked.
 */
export function presentAssignment(body: JsonObject, apiVersion: string, askedScope: string): JsonObject {
  const stored = body['properties'];
  if (!isJsonObject(stored)) return body;
  const unknown = [
    ...(apiVersion < '2018-09-01' ? ['principalType'] : []),
    ...(apiVersion < '2020-04-01' ? since2020 : []),
  ];
  const shown = Object.fromEntries(Object.entries(stored).filter(([name]) => !unknown.includes(name)));
  const role = nameOf(String(stored['roleDefinitionId']));
  const { inForce: _, scheduleId: __, ...wire } = body;
  return { ...wire, properties: { ...shown, roleDefinitionId: formatRoleDefinitionId(askedScope, role) } };
}
