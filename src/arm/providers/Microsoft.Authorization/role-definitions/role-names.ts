import { type DocumentKey, documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import { builtInRoles } from './built-in-roles.ts';
import { findRole } from './find-role.ts';

// A role's display name is unique in the tenant: a kept role claims it with a document that only one can create. A claim holds
// while the role that it names has that name. The shipped roles' names are taken without one.
/** Where a role's name is claimed. */
export function roleNameKey(roleName: string): DocumentKey {
  return documentKey(`/authorization/rolenames/${encodeURIComponent(fold(roleName))}`);
}

/** The GUID of another role that has the name, or the write that claims it for `guid`. */
export async function claimRoleName(
  store: Store,
  roleName: string,
  guid: string,
): Promise<{ readonly takenBy: string } | { readonly write: Write }> {
  const shipped = builtInRoles().find((role) => fold(role.roleName) === fold(roleName))?.id;
  if (shipped !== undefined && shipped !== guid.toLowerCase()) return { takenBy: shipped };
  const put = roleNameKey(roleName);
  const claim = await store.get(put);
  const body = { id: guid };
  if (claim === undefined) return { write: { put, body, when: { absent: true } } };
  const holder = String(claim.body['id']);
  const found = holder.toLowerCase() === guid.toLowerCase() ? undefined : await findRole(store, holder);
  const stands = found !== undefined && fold(found.role.roleName) === fold(roleName);
  return stands ? { takenBy: holder } : { write: { put, body, when: { etag: claim.etag } } };
}

/** The write that claims a name whose holder gives it up in the same transaction. */
export function takeRoleName(roleName: string, guid: string): Write {
  return { put: roleNameKey(roleName), body: { id: guid } };
}

/** The writes that let go of a role's former name. */
export function releaseRoleName(former: string | undefined, roleName: string | undefined): readonly Write[] {
  if (former === undefined || (roleName !== undefined && fold(former) === fold(roleName))) return [];
  return [{ remove: roleNameKey(former) }];
}

function fold(roleName: string): string {
  return roleName.toLowerCase();
}
