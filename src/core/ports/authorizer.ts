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
  }): Decision;
  /** One entry per role that the principal has at the scope (inherited ones too). */
  permissionsAt(principalId: string, scope: string): readonly Permission[];
  /** The scopes of the principal's assignments (its groups' too): what lies at or below decides which subscriptions it sees. */
  scopesOf(principalId: string): readonly string[];
}
