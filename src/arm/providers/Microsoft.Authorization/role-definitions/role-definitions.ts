import type { JsonObject } from '../../../../core/json.ts';
import type { Store } from '../../../../core/ports/store.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { isAtOrBelow } from '../../../../core/resource-id.ts';
import type { Answer, Call, ResourceType } from '../../../provider-contract.ts';
import { type FilterTerm, parseFilter, termValue } from '../filter.ts';
import { findRole, listRoles } from './find-role.ts';
import { formatRoleDefinitionId } from './role-definition-id.ts';

const permission = 'Microsoft.Authorization/roleDefinitions/read';

/** roleDefinitions: the built-in roles and the custom ones, read at any scope. */
export function roleDefinitions(store: Store): ResourceType {
  return {
    type: 'roleDefinitions',
    apiVersions: ['2022-05-01-preview', '2022-04-01', '2018-07-01', '2018-01-01-preview', '2015-07-01'],
    regional: false,
    operations: [
      {
        method: 'GET',
        path: '/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}',
        permission,
        handle: (call) => getRole(store, call),
      },
      {
        method: 'GET',
        path: '/{scope}/providers/Microsoft.Authorization/roleDefinitions',
        permission,
        handle: (call) => listAssignable(store, call),
      },
    ],
  };
}

async function getRole(store: Store, { params }: Call): Promise<Answer | Refusal> {
  const guid = params['roleDefinitionId'] ?? '';
  const role = await findRole(store, guid);
  if (role !== undefined) return { status: 200, body: formatRole(role, params['scope'] ?? '/') };
  return refuse('RoleDefinitionNotFound', `The specified role definition with ID '${guid}' does not exist.`);
}

async function listAssignable(store: Store, { params, query }: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(query.get('$filter'), ['rolename', 'type', 'atscopeandbelow']);
  if (isRefusal(filter)) return filter;
  const scope = params['scope'] ?? '/';
  const roles = (await listRoles(store)).filter((role) => isListed(role, scope, filter));
  return { status: 200, body: { value: roles.map((role) => formatRole(role, scope)) } };
}

/** A role is listed where it can be assigned: at its assignable scopes and below; with `atScopeAndBelow()` above them too. */
function isListed(role: RoleDefinition, scope: string, filter: readonly FilterTerm[]): boolean {
  const below = filter.some(({ name }) => name === 'atscopeandbelow');
  const name = termValue(filter, 'rolename') ?? role.roleName;
  const type = termValue(filter, 'type') ?? role.type;
  if (name.toLowerCase() !== role.roleName.toLowerCase() || type.toLowerCase() !== role.type.toLowerCase())
    return false;
  if (role.type === 'BuiltInRole') return true;
  return role.assignableScopes.some((one) => isAtOrBelow(scope, one) || (below && isAtOrBelow(one, scope)));
}

/** When Azure made a built-in role is not published, so its times are null. */
function formatRole(role: RoleDefinition, scope: string): JsonObject {
  const { id, roleName, type, description, assignableScopes } = role;
  const permissions = role.permissions.map((one) => ({ ...one }));
  const written = { createdOn: null, updatedOn: null, createdBy: null, updatedBy: null };
  return {
    id: formatRoleDefinitionId(scope, id),
    name: id,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: { roleName, type, description, assignableScopes, permissions, ...written },
  };
}
