import type { RoleAssignment } from '../rbac/role-assignment.ts';

/**
 * What role assignments there are, answered from memory: current as of the last committed write, and no slower for their
 * number. What is asked and then written without waiting in between cannot be overtaken in this process.
 */
export interface AccessRegister {
  /** How many role assignments count against the limit at the scope: those of its subscription, or of its management group. */
  assignmentsCountedAt(scope: string): number;
  /** How many role assignments give the role. */
  assignmentsOfRole(roleDefinitionId: string): number;
  /** The role assignments of these principals themselves, at all scopes. */
  assignmentsOf(principalIds: readonly string[]): readonly RoleAssignment[];
  /** How many custom roles there are. */
  customRoles(): number;
}
