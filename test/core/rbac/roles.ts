import type { DenyAssignment, RoleAssignment } from '../../../src/core/rbac/role-assignment.ts';
import type { Permission, RoleDefinition } from '../../../src/core/rbac/role-definition.ts';

export const subscription = '/subscriptions/11111111-0000-0000-0000-000000000001';
export const group1 = `${subscription}/resourceGroups/rg1`;
export const group10 = `${subscription}/resourceGroups/rg10`;
export const vm = `${group1}/providers/Microsoft.Compute/virtualMachines/web-2`;
export const alice = 'aaaaaaaa-0000-0000-0000-000000000001';
export const bob = 'bbbbbbbb-0000-0000-0000-000000000002';
export const team = 'cccccccc-0000-0000-0000-000000000003';

export const reader = role('00000000-0000-0000-0000-0000000000a1', 'Reader', { actions: ['*/read'] });
export const operator = role('00000000-0000-0000-0000-0000000000a2', 'Operator', {
  actions: ['Microsoft.Compute/virtualMachines/*'],
});
export const contributor = role('00000000-0000-0000-0000-0000000000a3', 'Contributor', {
  actions: ['*'],
  notActions: ['Microsoft.Authorization/*/Write'],
});
export const login = role('00000000-0000-0000-0000-0000000000a4', 'Login', {
  dataActions: ['Microsoft.Compute/virtualMachines/login/action'],
});

export function role(id: string, roleName: string, permission: Partial<Permission>): RoleDefinition {
  const permissions = [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...permission }];
  return { id, roleName, type: 'BuiltInRole', description: '', assignableScopes: ['/'], permissions };
}

export function guid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function assign(number: number, principalId: string, definition: RoleDefinition, scope: string): RoleAssignment {
  return {
    id: `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${guid(number)}`,
    scope,
    roleDefinitionId: definition.id,
    principalId,
    principalType: 'ServicePrincipal',
  };
}

export function forbid(actions: readonly string[], principals: readonly string[], scope: string): DenyAssignment {
  return {
    id: `${scope}/providers/Microsoft.Authorization/denyAssignments/${guid(999)}`,
    name: 'a lock',
    scope,
    doNotApplyToChildScopes: false,
    principals,
    excludePrincipals: [],
    permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
  };
}
