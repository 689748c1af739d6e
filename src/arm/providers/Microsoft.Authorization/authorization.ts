import type { Provider, ProviderContext } from '../../provider-contract.ts';
import type { AuthorizationContext, AuthorizationParts } from './authorization-context.ts';
import { checkAccess } from './check-access.ts';
import { classicAdministrators } from './classic-administrators.ts';
import { denyAssignments } from './deny-assignments.ts';
import { elevateAccess } from './elevate-access.ts';
import { locks } from './locks.ts';
import { permissions } from './permissions.ts';
import { providerOperations } from './provider-operations.ts';
import { roleAssignments } from './role-assignments/role-assignments.ts';
import { roleDefinitions } from './role-definitions/role-definitions.ts';
import { scheduleTypesOf } from './schedules/schedule-types.ts';

/**
 * Microsoft.Authorization: who has which role where, as documents beside what they are about. Deciding from them is
 * `core/rbac`'s; this provider reads and writes them. Policies are not written here.
 */
export function authorization(ports: ProviderContext, parts: AuthorizationParts): Provider {
  const context: AuthorizationContext = { ...ports, ...parts };
  return {
    namespace: 'Microsoft.Authorization',
    resourceTypes: [
      roleAssignments(context),
      ...scheduleTypesOf(context),
      roleDefinitions(context),
      permissions(context),
      denyAssignments(context),
      locks(context.store),
      checkAccess(context),
      elevateAccess(context),
      providerOperations(context),
      classicAdministrators,
    ],
    teardown: {
      'microsoft.authorization/roleassignments': async (resourceId) => {
        const { planClaimRemoval } = await import('./role-assignments/delete-assignment.ts');
        return planClaimRemoval(context.store, resourceId);
      },
    },
  };
}
