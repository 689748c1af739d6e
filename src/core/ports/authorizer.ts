import type { AccessFacts } from '../rbac/access-facts.ts';
import type { Decision } from '../rbac/decision.ts';
import type { Permission } from '../rbac/role-definition.ts';
import type { Plane } from '../rbac/role-verdict.ts';

/** Decides what a principal may do, from role assignments and deny assignments held in memory. */
export interface Authorizer {
  /** `scope` is an ARM id in any letter case; `action` such as `Microsoft.Compute/virtualMachines/start/action`. */
  decide(question: {
    readonly principalId: string;
    readonly action: string;
    readonly scope: string;
    /** Default `control`; `data` asks for a data action. */
    readonly plane?: Plane;
    /** What else is known of the request; without it an assignment with a window or a condition allows nothing. */
    readonly facts?: AccessFacts;
  }): Decision;
  /** One entry per role that the principal has now at the scope (inherited ones too), whatever its condition. */
  permissionsAt(principalId: string, scope: string, facts?: AccessFacts): readonly Permission[];
  /**
   * The scopes of the principal's assignments (its groups' too) that are in force: what lies at or below decides which
   * subscriptions it sees.
   */
  scopesOf(principalId: string, facts?: AccessFacts): readonly string[];
}
