import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Answer, Call, ResourceType } from '../../provider-contract.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import { roleAssignmentWrites } from './role-assignments/role-assignment-writes.ts';
import { userAccessAdministratorRoleId } from './role-definitions/built-in-roles.ts';

/**
 * The Microsoft Graph permission by which a service principal administers the directory's roles, its own among them: who has it
 * stands here for Entra's Global Administrator.
 */
export const globalAdministratorAppRole = 'RoleManagement.ReadWrite.Directory';

const action = 'Microsoft.Authorization/elevateAccess/action';

/**
 * elevateAccess: a Global Administrator makes itself User Access Administrator at the tenant, and so of everything below. It
 * needs no Azure role for that.
 * @see https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin
 */
export function elevateAccess(context: AuthorizationContext): ResourceType {
  return {
    type: 'elevateAccess',
    apiVersions: ['2017-05-01', '2016-07-01', '2015-07-01'],
    regional: false,
    operations: [
      {
        method: 'POST',
        path: '/providers/Microsoft.Authorization/elevateAccess',
        // Named so that it is recorded; whether the caller may is asked of the directory, and roles say nothing of it.
        permission: action,
        mayWithout: async () => true,
        handle: (call) => elevate(context, call),
      },
    ],
  };
}

async function elevate(
  { store, directory, register, random }: AuthorizationContext,
  { caller, now }: Call,
): Promise<Answer | Refusal> {
  const principal = directory.servicePrincipal(caller.objectId);
  if (principal?.appRoles.includes(globalAdministratorAppRole) !== true) {
    const message = `The client '${caller.appId}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '/' or the scope is invalid. Only a Global Administrator may: a principal with the Microsoft Graph permission ${globalAdministratorAppRole}.`;
    return refuse('AuthorizationFailed', message);
  }
  const roleDefinitionId = userAccessAdministratorRoleId;
  const isElevated = register
    .assignmentsOf([caller.objectId])
    .some((one) => one.scope === '/' && one.roleDefinitionId === roleDefinitionId);
  if (isElevated) return { status: 200 };
  const who = { principalId: caller.objectId, principalType: 'ServicePrincipal', createdBy: caller.objectId } as const;
  await store.transact(roleAssignmentWrites({ ...who, scope: '/', roleDefinitionId, name: random.uuid(), now }));
  return { status: 200 };
}
