import {
  type Document,
  type DocumentKey,
  documentKey,
  type Precondition,
  type Store,
  type Write,
} from '../../../../core/ports/store.ts';
import { parseRoleAssignment } from '../../../../core/rbac/documents.ts';
import type { RoleAssignment } from '../../../../core/rbac/role-assignment.ts';
import { foldId, nameOf, sameId } from '../../../../core/resource-id.ts';

/** Who has what where: two role assignments never have the same. */
export type Triple = Pick<RoleAssignment, 'principalId' | 'roleDefinitionId' | 'scope'>;

/**
 * What makes a role assignment unique, as documents that only one can create: its name in the tenant, and its triple.
 * A claim holds while the assignment it names does; one left over by a deleted scope is taken over.
 */
export function nameClaimKey(name: string): DocumentKey {
  return documentKey(`/authorization/names/${name}`);
}

/** The claim on (principal, role, scope). */
export function tripleClaimKey({ principalId, roleDefinitionId, scope }: Triple): DocumentKey {
  return documentKey(`/authorization/triples/${principalId}/${roleDefinitionId}${foldId(scope)}`);
}

/** A claim as it stands: the assignment that holds it, if any, and what must still be true when it is taken. */
export interface Claim {
  readonly key: DocumentKey;
  readonly holder: RoleAssignment | undefined;
  readonly when: Precondition;
}

/** Reads a claim; `holds` says whether the assignment that it names still has what is claimed. */
export async function readClaim(
  store: Store,
  key: DocumentKey,
  holds: (holder: RoleAssignment) => boolean,
): Promise<Claim> {
  const claim = await store.get(key);
  if (claim === undefined) return { key, holder: undefined, when: { absent: true } };
  const holder = await readHolder(store, claim);
  const stands = holder !== undefined && holds(holder);
  return { key, holder: stands ? holder : undefined, when: { etag: claim.etag } };
}

async function readHolder(store: Store, claim: Document): Promise<RoleAssignment | undefined> {
  const id = claim.body['id'];
  const document = typeof id === 'string' ? await store.get(documentKey(id)) : undefined;
  return document && parseRoleAssignment(document.body);
}

/** Whether two assignments give the same role to the same principal at the same scope. */
export function sameTriple(a: Triple, b: Triple): boolean {
  return tripleClaimKey(a) === tripleClaimKey(b);
}

/** Both claim keys of an assignment. */
function claimKeys(assignment: RoleAssignment): readonly [name: DocumentKey, triple: DocumentKey] {
  return [nameClaimKey(nameOf(assignment.id)), tripleClaimKey(assignment)];
}

/** The writes that take away an assignment's claims: those that name it. One user's activated role claims no triple. */
export async function claimsHeldBy(store: Store, assignment: RoleAssignment): Promise<readonly Write[]> {
  const claims = await Promise.all(claimKeys(assignment).map((key) => store.get(key)));
  return claims.flatMap((claim) =>
    claim !== undefined && sameId(String(claim.body['id']), assignment.id) ? [{ remove: claim.key }] : [],
  );
}
