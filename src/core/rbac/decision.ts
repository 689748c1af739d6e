import type { DenyAssignment, RoleAssignment } from './role-assignment.ts';
import type { RoleDefinition } from './role-definition.ts';

/** An assignment together with the role that it gives. */
export interface Grant {
  readonly assignment: RoleAssignment;
  readonly role: RoleDefinition;
}

/** What of an assignment's terms, or of its role's conditions, keeps it from allowing what its role has. */
export type Unmet =
  | { readonly reason: 'notYetInForce' | 'noLongerInForce' }
  | { readonly reason: 'conditionNotMet'; readonly condition: string };

/** What kept an assignment from allowing. */
export type MissReason = Unmet['reason'] | 'actionNotInRole' | 'actionExcluded' | 'otherScope';

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
      /** What of the condition does not hold, where it is that. */
      readonly unmet?: string;
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
