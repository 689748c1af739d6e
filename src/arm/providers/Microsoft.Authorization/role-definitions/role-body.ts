import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import type { FoundRole } from './find-role.ts';
import { formatRoleDefinitionId } from './role-definition-id.ts';

/** When a role was made and last changed, and by whom, as the wire has it. */
export interface RoleHistory {
  readonly createdOn: Json;
  readonly updatedOn: Json;
  readonly createdBy: Json;
  readonly updatedBy: Json;
}

/** When Azure made a built-in role is not published, so its times are null. */
const unknown: RoleHistory = { createdOn: null, updatedOn: null, createdBy: null, updatedBy: null };

/** A role as it is stored and shown: its id is spelled for the scope. */
export function formatRole(role: RoleDefinition, scope: string, history: RoleHistory = unknown): JsonObject {
  const { id, roleName, type, description, assignableScopes } = role;
  const permissions = role.permissions.map((one) => ({ ...one }));
  return {
    id: formatRoleDefinitionId(scope, id),
    name: id,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: { roleName, type, description, assignableScopes, permissions, ...history },
  };
}

/** A role that was found, as it is shown at a scope. */
export function presentRole({ role, document }: FoundRole, scope: string): JsonObject {
  return formatRole(role, scope, historyOf(document?.body));
}

/** What a stored role, or one in a file, says of its history. */
export function historyOf(body: JsonObject | undefined): RoleHistory {
  const properties = isJsonObject(body?.['properties']) ? body['properties'] : (body ?? {});
  const told = (name: keyof RoleHistory) => (typeof properties[name] === 'string' ? properties[name] : null);
  return {
    createdOn: told('createdOn'),
    updatedOn: told('updatedOn'),
    createdBy: told('createdBy'),
    updatedBy: told('updatedBy'),
  };
}
