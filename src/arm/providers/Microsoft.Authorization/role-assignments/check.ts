import type { Directory, PrincipalType } from '../../../../core/ports/directory.ts';
import { isWithin } from '../../../../core/ports/scope-hierarchy.ts';
import { documentKey } from '../../../../core/ports/store.ts';
import { withoutDashes } from '../../../../core/rbac/guid.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { foldId, formatType, type ParsedResourceId, parseResourceId, sameId } from '../../../../core/resource-id.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { findRole } from '../role-definitions/find-role.ts';
import { isManagementGroup } from '../scopes.ts';
import type { WantedAssignment } from './wanted.ts';

type Ports = Pick<ProviderContext, 'store' | 'hierarchy'>;

/** Whether the scope exists. Refuses `SubscriptionNotFound`, `ResourceGroupNotFound`, `ResourceNotFound`. */
export async function checkScope({ store, hierarchy }: Ports, scope: string): Promise<Refusal | undefined> {
  if (foldId(scope) === '' || sameId(scope, hierarchy.root)) return undefined;
  if ((await store.get(documentKey(scope))) !== undefined) return undefined;
  const parsed = parseResourceId(scope);
  if (parsed === undefined) return refuse('InvalidRequestUri', `The scope '${scope}' is not a resource id.`);
  const { provider, subscriptionId, resourceGroupName } = parsed;
  if (provider !== undefined) return refuse('ResourceNotFound', missingResource(parsed, provider));
  if (resourceGroupName === undefined) {
    return refuse('SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
  }
  return refuse('ResourceGroupNotFound', `Resource group '${resourceGroupName}' could not be found.`);
}

function missingResource(parsed: ParsedResourceId, provider: NonNullable<ParsedResourceId['provider']>): string {
  const resource = `${formatType(provider)}/${provider.steps.map((step) => step.name).join('/')}`;
  const where = parsed.resourceGroupName === undefined ? '' : ` under resource group '${parsed.resourceGroupName}'`;
  return `The Resource '${resource}'${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
}

/**
 * Whether the role exists and can be assigned here. Refuses `RoleDefinitionDoesNotExist`, `RoleAssignmentScopeNotAssignable`
 * and, of a custom role with data actions at a management group, `InvalidCreateRoleAssignmentRequest`.
 */
export async function checkRole(
  { store, hierarchy }: Ports,
  wanted: Pick<WantedAssignment, 'roleDefinitionId' | 'scope'>,
): Promise<Refusal | undefined> {
  const role = (await findRole(store, wanted.roleDefinitionId))?.role;
  if (role === undefined) {
    const id = withoutDashes(wanted.roleDefinitionId);
    return refuse('RoleDefinitionDoesNotExist', `The specified role definition with ID '${id}' does not exist.`);
  }
  const hasDataActions = role.permissions.some(({ dataActions }) => dataActions.length > 0);
  if (role.type === 'CustomRole' && hasDataActions && isManagementGroup(wanted.scope)) {
    const message = 'Role assignments to Management Groups can not be made to custom role definitions with DataActions';
    return refuse('InvalidCreateRoleAssignmentRequest', message);
  }
  if (role.assignableScopes.some((one) => isWithin(hierarchy, wanted.scope, one))) return undefined;
  const scopes = role.assignableScopes.join(', ');
  return refuse(
    'RoleAssignmentScopeNotAssignable',
    `The role '${role.roleName}' cannot be assigned at the scope '${wanted.scope}'. Its assignable scopes are '${scopes}'.`,
  );
}

/**
 * The principal's type: the directory's, or what was given for a principal that the directory does not have (yet).
 * Refuses `PrincipalNotFound` (`az` retries on its wording) and `UnmatchedPrincipalType`.
 */
export function settlePrincipalType(
  directory: Pick<Directory, 'principalType' | 'tenant'>,
  { principalId, principalType }: Pick<WantedAssignment, 'principalId' | 'principalType'>,
): PrincipalType | Refusal {
  const actual = directory.principalType(principalId);
  if (actual === undefined) return principalType ?? missingPrincipal(principalId, directory.tenant.tenantId);
  if (principalType === undefined || principalType === actual) return actual;
  return refuse(
    'UnmatchedPrincipalType',
    `The PrincipalId '${withoutDashes(principalId)}' has type '${actual}', which is different from specified PrinciaplType '${principalType}'.`,
  );
}

function missingPrincipal(principalId: string, tenantId: string): Refusal {
  return refuse(
    'PrincipalNotFound',
    `Principal ${withoutDashes(principalId)} does not exist in the directory ${tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
  );
}
