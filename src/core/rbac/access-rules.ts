import type { ScopeHierarchy } from '../ports/scope-hierarchy.ts';
import type { AskedAction } from './asked-action.ts';
import { AssignmentTable, type RoleNumber } from './assignment-table.ts';
import { callersOver } from './callers.ts';
import { conditionLanguage } from './condition/language.ts';
import type { Grant, Unmet } from './decision.ts';
import { DenyTable } from './deny-table.ts';
import type { RoleAssignment } from './role-assignment.ts';
import type { RoleDefinition } from './role-definition.ts';
import { type CompiledRole, compileRole, type Plane, type RoleVerdict } from './role-verdict.ts';
import { unmetTerm } from './unmet-term.ts';

/**
 * Azure role-based access control: everything that a decision is made from, held in memory, and how it is made.
 * `decide` reads it; whoever owns it keeps it current. A role is compiled once, when it comes in.
 */
export class AccessRules {
  readonly assignments = new AssignmentTable();
  readonly denials = new DenyTable();
  readonly callerOf = callersOver(this.assignments);
  readonly #shipped: readonly RoleDefinition[] | (() => readonly RoleDefinition[]);
  #shippedById: ReadonlyMap<string, CompiledRole> | undefined;
  readonly #own = new Map<string, CompiledRole>();
  /** By the number that the table gives to a role; empty after each change of a role. */
  #numbered: (CompiledRole | undefined)[] = [];
  #customRoles = 0;

  /** What lies above subscriptions; without one they lie below the tenant alone. */
  readonly hierarchy: Pick<ScopeHierarchy, 'ancestorsOf'> | undefined;

  /**
   * `shipped` are the roles that are there from the beginning, or what answers them when one is first asked for; one that is
   * put goes before the shipped one of its id.
   */
  constructor(
    shipped: readonly RoleDefinition[] | (() => readonly RoleDefinition[]),
    hierarchy?: Pick<ScopeHierarchy, 'ancestorsOf'>,
  ) {
    this.hierarchy = hierarchy;
    this.#shipped = shipped;
  }

  /** How many custom roles there are. */
  get customRoles(): number {
    return this.#customRoles;
  }

  putRole(role: RoleDefinition): void {
    this.removeRole(role.id);
    this.#own.set(role.id.toLowerCase(), compileRole(role));
    this.#numbered = [];
    if (role.type === 'CustomRole') this.#customRoles += 1;
  }

  /** Assignments of a role that is gone grant nothing; a shipped role comes back as it was. */
  removeRole(roleDefinitionId: string): void {
    const id = roleDefinitionId.toLowerCase();
    if (this.#own.get(id)?.definition.type === 'CustomRole') this.#customRoles -= 1;
    this.#own.delete(id);
    this.#numbered = [];
  }

  /** A role definition by its GUID. */
  role(roleDefinitionId: string): RoleDefinition | undefined {
    return this.#role(roleDefinitionId.toLowerCase())?.definition;
  }

  /** What a role that is assigned somewhere says to a folded action. */
  verdictOf(role: RoleNumber, foldedAction: string, plane: Plane): RoleVerdict {
    const known = this.#numbered[role];
    if (known !== undefined) return known.verdict(foldedAction, plane);
    const found = this.#role(this.assignments.roleId(role));
    this.#numbered[role] = found;
    return found?.verdict(foldedAction, plane) ?? 'actionNotInRole';
  }

  /** Whether the assignment in a row, which gives the role, allows what is asked. */
  allows(role: RoleNumber, row: number, asked: AskedAction): boolean {
    const verdict = this.verdictOf(role, asked.action, asked.plane);
    return (verdict === 'allowed' || verdict === 'conditional') && this.unmetAt(role, row, asked) === undefined;
  }

  /** What keeps the assignment in a row from allowing an action that its role has, if something does. */
  unmetAt(role: RoleNumber, row: number, asked: AskedAction): Unmet | undefined {
    const terms = this.assignments.termsAt(row);
    return (terms && unmetTerm(terms, asked)) ?? this.#unmetOfRole(role, asked);
  }

  #unmetOfRole(role: RoleNumber, asked: AskedAction): Unmet | undefined {
    if (this.verdictOf(role, asked.action, asked.plane) !== 'conditional') return undefined;
    const conditions = this.#numbered[role]?.conditions(asked.action, asked.plane) ?? [];
    const language = conditionLanguage();
    if (conditions.some((condition) => language?.evaluatorOf(condition)(asked) === true)) return undefined;
    return { reason: 'conditionNotMet', condition: conditions[0] ?? '' };
  }

  /** What the role (by folded id) says to a folded action. */
  verdict(roleDefinitionId: string, foldedAction: string, plane: Plane): RoleVerdict {
    return this.#role(roleDefinitionId)?.verdict(foldedAction, plane) ?? 'actionNotInRole';
  }

  #role(foldedId: string): CompiledRole | undefined {
    return this.#own.get(foldedId) ?? this.#shippedRole(foldedId);
  }

  #shippedRole(foldedId: string): CompiledRole | undefined {
    if (this.#shippedById === undefined) {
      const roles = typeof this.#shipped === 'function' ? this.#shipped() : this.#shipped;
      this.#shippedById = new Map(roles.map((role) => [role.id.toLowerCase(), compileRole(role)]));
    }
    return this.#shippedById.get(foldedId);
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
