import { listRoles } from '../../arm/providers/Microsoft.Authorization/role-definitions/find-role.ts';
import { importRoles } from '../../arm/providers/Microsoft.Authorization/role-definitions/import-roles.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ScopeHierarchy } from '../../core/ports/scope-hierarchy.ts';
import type { Store } from '../../core/ports/store.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { OperatorRoleImport, OperatorRoles } from './wire.ts';

/** What the operator's view of roles is made from. */
export interface OperatorRolePorts {
  readonly store: Store;
  readonly hierarchy: ScopeHierarchy;
}

/** Every role definition, the built-in ones first. */
export async function listRoleDefinitions({ store }: OperatorRolePorts): Promise<OperatorRoles> {
  const roles = (await listRoles(store)).map(({ role, document }) => ({
    id: role.id,
    roleName: role.roleName,
    origin: role.type === 'CustomRole' ? ('custom' as const) : document ? ('imported' as const) : ('shipped' as const),
    description: role.description,
    assignableScopes: role.assignableScopes,
  }));
  return { roles };
}

/** Imports what `az role definition list` printed: everything or nothing. */
export async function importRoleDefinitions(
  ports: OperatorRolePorts,
  body: JsonObject,
): Promise<OperatorRoleImport | Refusal> {
  const roles = body['roles'];
  if (!Array.isArray(roles)) return refuse('InvalidRequestContent', "'roles' must be a list of role definitions.");
  return importRoles(ports, roles as readonly Json[]);
}
