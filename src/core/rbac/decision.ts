import type { DenyAssignment, RoleAssignment } from './role-assignment.ts';
import type { RoleDefinition } from './role-definition.ts';

/** An assignment together with the role that it gives. */
export interface Grant {
  readonly assignment: RoleAssignment;
  readonly role: RoleDefinition;
}

/** Why the terms of an assignment, or of its role, keep it from allowing what its role has. */
export type UnmetTerm = 'notYetInForce' | 'noLongerInForce' | 'conditionNotMet';

/** What kept an assignment from allowing. */
export type MissReason = UnmetTerm | 'actionNotInRole' | 'actionExcluded' | 'otherScope';

/** Why a decision came out as it did. For the operator; never sent to the caller. */
export type Because =
  /** `grant` must be read before anything changes: it is looked up then. */
  | { readonly kind: 'allowedBy'; readonly grant: Grant }
  | { readonly kind: 'deniedBy'; readonly deny: DenyAssignment }
  /** The assignment that came closest, and what kept it from allowing. */
  | {
      readonly kind: 'nearestMiss';
      readonly grant: Grant;
      readonly reason: MissReason;
    }
  | { readonly kind: 'noAssignments' };

/** The answer to "may this principal do this here?". */
export interface Decision {
  readonly allowed: boolean;
  /** The deny assignment that forbids it, when one does. */
  readonly deny?: DenyAssignment;
  /** Worked out when it is asked for, which must be before anything changes: what came closest takes a search. */
  readonly because: Because;
}
