import type { Provider, ProviderContext } from '../../provider-contract.ts';
import { denyAssignments } from './deny-assignments.ts';
import { permissions } from './permissions.ts';
import { planClaimRemoval } from './role-assignments/delete-assignment.ts';
import { roleAssignments } from './role-assignments/role-assignments.ts';
import { roleDefinitions } from './role-definitions/role-definitions.ts';

/**
 * Microsoft.Authorization: who has which role where, as documents beside what they are about. Deciding from them is
 * `core/rbac`'s; this provider reads and writes them. Custom roles, locks and policies are not written here yet.
 */
export function authorization(context: ProviderContext): Provider {
  const { store } = context;
  return {
    namespace: 'Microsoft.Authorization',
    resourceTypes: [roleAssignments(context), roleDefinitions(store), permissions(context), denyAssignments(store)],
    teardown: { 'microsoft.authorization/roleassignments': (resourceId) => planClaimRemoval(store, resourceId) },
  };
}
