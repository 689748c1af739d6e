import type { ScopeHierarchy } from '../ports/scope-hierarchy.ts';
import { AssignmentTable } from './assignment-table.ts';
import type { Grant } from './decision.ts';
import { DenyTable } from './deny-table.ts';
import type { RoleAssignment } from './role-assignment.ts';
import type { RoleDefinition } from './role-definition.ts';
import { type CompiledRole, compileRole, type Plane, type RoleVerdict } from './role-verdict.ts';

/**
 * Azure role-based access control: everything that a decision is made from, held in memory, and how it is made.
 * `decide` reads it; whoever owns it keeps it current. A role is compiled once, when it comes in.
 */
export class AccessRules {
  readonly assignments = new AssignmentTable();
  readonly denials = new DenyTable();
  readonly #roles = new Map<string, CompiledRole>();

  /** What lies above subscriptions; without one they lie below the tenant alone. */
  readonly hierarchy: Pick<ScopeHierarchy, 'ancestorsOf'> | undefined;

  constructor(roles: readonly RoleDefinition[], hierarchy?: Pick<ScopeHierarchy, 'ancestorsOf'>) {
    this.hierarchy = hierarchy;
    for (const role of roles) this.putRole(role);
  }

  putRole(role: RoleDefinition): void {
    this.#roles.set(role.id.toLowerCase(), compileRole(role));
  }

  /** Assignments of a role that is gone grant nothing. */
  removeRole(roleDefinitionId: string): void {
    this.#roles.delete(roleDefinitionId.toLowerCase());
  }

  /** A role definition by its GUID. */
  role(roleDefinitionId: string): RoleDefinition | undefined {
    return this.#roles.get(roleDefinitionId.toLowerCase())?.definition;
  }

  /** What the role (by folded id) says to a folded action. */
  verdict(roleDefinitionId: string, foldedAction: string, plane: Plane): RoleVerdict {
    return this.#roles.get(roleDefinitionId)?.verdict(foldedAction, plane) ?? 'actionNotInRole';
  }

  /** The assignment in a row of the table, with its role. */
  grantAt(row: number): Grant {
    return this.grantOf(this.assignments.at(row));
  }

  /** An assignment with its role; a role that is gone is shown with no permissions. */
  grantOf(assignment: RoleAssignment): Grant {
    return { assignment, role: this.role(assignment.roleDefinitionId) ?? goneRole(assignment.roleDefinitionId) };
  }
}

function goneRole(id: string): RoleDefinition {
  return { id, roleName: id, type: 'CustomRole', description: '', assignableScopes: [], permissions: [] };
}
