import type { AccessRegister } from '../../../core/ports/access-register.ts';
import type { Catalog, ProviderContext } from '../../provider-contract.ts';

/** How many role assignments there may be. */
export interface AssignmentLimits {
  /** At a subscription and everything in it; Azure's is 4000. */
  readonly perSubscription: number;
  /** At a management group itself; Azure's is 500. */
  readonly perManagementGroup: number;
}

/** Azure's own limits. @see https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits */
export const azureLimits: AssignmentLimits = { perSubscription: 4000, perManagementGroup: 500 };

/** What Microsoft.Authorization uses beside what every provider has. */
export interface AuthorizationParts {
  readonly register: AccessRegister;
  readonly limits: AssignmentLimits;
  /** Every namespace with its types: providerOperations shows them. */
  readonly catalog: Catalog;
}

/** A provider's context with those. */
export type AuthorizationContext = ProviderContext & AuthorizationParts;
