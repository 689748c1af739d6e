import { documentKey, type Store } from '../../../../core/ports/store.ts';
import { parseRoleDefinition } from '../../../../core/rbac/documents.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import { collectionKey } from '../scopes.ts';
import { builtInRoles } from './built-in-roles.ts';

// Custom roles belong to the tenant whatever their assignable scopes, so they are kept at it under their GUID.
const customRoles = collectionKey('/', 'roledefinitions');

const builtInById: ReadonlyMap<string, RoleDefinition> = new Map(builtInRoles.map((role) => [role.id, role]));

/** A role definition by its GUID, built-in or custom. */
export async function findRole(store: Store, guid: string): Promise<RoleDefinition | undefined> {
  const builtIn = builtInById.get(guid.toLowerCase());
  if (builtIn !== undefined) return builtIn;
  const custom = await store.get(documentKey(`${customRoles}/${guid}`));
  return custom && parseRoleDefinition(custom.body);
}

/** Every role definition: the built-in ones, then the tenant's own. */
export async function listRoles(store: Store): Promise<readonly RoleDefinition[]> {
  const custom = (await store.list(customRoles)).map(({ body }) => parseRoleDefinition(body));
  return [...builtInRoles, ...custom.filter((role) => role !== undefined)];
}
