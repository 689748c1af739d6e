import { type Document, documentKey, type Store } from '../../../../core/ports/store.ts';
import { parseRoleDefinition } from '../../../../core/rbac/documents.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import { collectionKey } from '../scopes.ts';
import { builtInRoles } from './built-in-roles.ts';

/** A role definition, with its document when it has one: the shipped built-in roles have none. */
export interface FoundRole {
  readonly role: RoleDefinition;
  readonly document?: Document;
}

// Roles belong to the tenant whatever their assignable scopes, so they are kept at it under their GUID.
const keptRoles = collectionKey('/', 'roledefinitions');

/** Where a role is kept: a custom one, or a built-in one that was imported. */
export function roleKey(guid: string) {
  return documentKey(`${keptRoles}/${guid}`);
}

/** The shipped built-in role of this GUID. */
export function shippedRole(guid: string): RoleDefinition | undefined {
  return builtInRoles().find(({ id }) => id === guid.toLowerCase());
}

/** A role definition by its GUID. One that is kept goes before a shipped one. */
export async function findRole(store: Store, guid: string): Promise<FoundRole | undefined> {
  const document = await store.get(roleKey(guid));
  const kept = document && parseRoleDefinition(document.body);
  if (document !== undefined && kept !== undefined) return { role: kept, document };
  const role = shippedRole(guid);
  return role && { role };
}

/** Every role definition: the built-in ones, then the tenant's own. */
export async function listRoles(store: Store): Promise<readonly FoundRole[]> {
  const kept = (await store.list(keptRoles)).flatMap((document) => {
    const role = parseRoleDefinition(document.body);
    return role === undefined ? [] : [{ role, document }];
  });
  const known = new Set(kept.map(({ role }) => role.id.toLowerCase()));
  const shipped = builtInRoles()
    .filter(({ id }) => !known.has(id))
    .map((role) => ({ role }));
  const isCustom = ({ role }: FoundRole) => role.type === 'CustomRole';
  return [...shipped, ...kept.filter((one) => !isCustom(one)), ...kept.filter(isCustom)];
}
