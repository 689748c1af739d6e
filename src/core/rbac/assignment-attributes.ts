import type { Attributes } from './access-facts.ts';
import type { RoleAssignment } from './role-assignment.ts';

/**
 * The attributes of a role assignment that conditions name: `@Request` of one that is being made, `@Resource` of one that there is.
 * @see https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes
 */
export function assignmentAttributes({
  roleDefinitionId,
  principalId,
  principalType,
}: Pick<RoleAssignment, 'roleDefinitionId' | 'principalId' | 'principalType'>): Attributes {
  const type = 'microsoft.authorization/roleassignments';
  return {
    [`${type}:roledefinitionid`]: roleDefinitionId,
    [`${type}:principalid`]: principalId,
    [`${type}:principaltype`]: principalType,
  };
}
