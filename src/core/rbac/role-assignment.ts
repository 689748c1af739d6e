import type { PrincipalType } from '../ports/directory.ts';
import type { EpochMillis } from '../time.ts';
import type { Permission } from './role-definition.ts';

/** What must hold beside the role for an assignment to allow anything; nothing by default. */
export interface AssignmentTerms {
  /** An expression in the language of version 2.0. */
  readonly condition?: string;
  /** In force from here (inclusive) … */
  readonly startsAt?: EpochMillis;
  /** … to here (exclusive), whatever is stored. */
  readonly endsAt?: EpochMillis;
}

/** A role assignment: who (principalId) may do what (roleDefinitionId, a GUID) where (scope). */
export interface RoleAssignment extends AssignmentTerms {
  /** The full id. */
  readonly id: string;
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
}

/** A deny assignment; principals and excluded principals by object id, the all-zero GUID meaning everyone. */
export interface DenyAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly doNotApplyToChildScopes: boolean;
  readonly principals: readonly string[];
  readonly excludePrincipals: readonly string[];
  readonly permissions: readonly Permission[];
  /** The deployment stack that made it: what that stack does itself is not denied. */
  readonly stackId?: string;
}
