import { documentKey, type Store } from '../../../../core/ports/store.ts';
import type { AccessFacts, Attributes } from '../../../../core/rbac/access-facts.ts';
import { assignmentAttributes } from '../../../../core/rbac/assignment-attributes.ts';
import { parseRoleAssignment } from '../../../../core/rbac/documents.ts';
import { isRefusal } from '../../../../core/refusal.ts';
import type { Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { settlePrincipalType } from './check.ts';
import { parseWanted } from './wanted.ts';

/**
 * What conditions may ask of a PUT: the assignment that would be, by the principal's true type, and the one that is there. A body
 * that says none of it has no attributes, so that no condition allows it.
 */
export async function attributesOfPut(
  { store, directory }: AuthorizationContext,
  call: Call,
): Promise<Pick<AccessFacts, 'request' | 'resource'>> {
  const wanted = parseWanted(call);
  const principalType = isRefusal(wanted) ? wanted : settlePrincipalType(directory, wanted);
  const known = !isRefusal(wanted) && !isRefusal(principalType);
  const request = known ? assignmentAttributes({ ...wanted, principalType }) : {};
  return { request, resource: await storedAttributes(store, call) };
}

/** What conditions may ask of a DELETE: the assignment that is there. */
export async function attributesOfDelete(store: Store, call: Call): Promise<Pick<AccessFacts, 'resource'>> {
  return { resource: await storedAttributes(store, call) };
}

async function storedAttributes(store: Store, { resourceId }: Call): Promise<Attributes> {
  const document = await store.get(documentKey(resourceId));
  const stored = document && parseRoleAssignment(document.body);
  return stored === undefined ? {} : assignmentAttributes(stored);
}
