import type { Directory } from '../../../../core/ports/directory.ts';
import { documentKey, type Store } from '../../../../core/ports/store.ts';
import { parseRoleAssignment } from '../../../../core/rbac/documents.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { type FilterTerm, parseFilter, termValue } from '../filter.ts';
import { listFrom } from '../scopes.ts';
import { presentAssignment } from './assignment-body.ts';

/** GET of one role assignment, at the scope it was made at. */
export async function getAssignment(store: Store, { resourceId, params, apiVersion }: Call): Promise<Answer | Refusal> {
  const document = await store.get(documentKey(resourceId));
  if (document !== undefined) {
    return { status: 200, body: presentAssignment(document.body, apiVersion, params['scope'] ?? '/') };
  }
  const message = `The role assignment '${params['roleAssignmentName']}' is not found.`;
  return refuse('RoleAssignmentNotFound', message);
}

/**
 * The role assignments at the scope, above and below it; `atScope()` leaves out those below. Those of deleted principals
 * stay listed, as in Azure.
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
export async function listAssignments({ store, directory }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(call.query.get('$filter'), ['atscope', 'assignedto', 'principalid']);
  if (isRefusal(filter)) return filter;
  const scope = call.params['scope'] ?? '/';
  const atScope = filter.some(({ name }) => name === 'atscope');
  const isWanted = principalTest(directory, filter);
  const value = (await listFrom(store, scope, 'roleassignments', atScope))
    .filter(({ body }) => isWanted(parseRoleAssignment(body)?.principalId.toLowerCase()))
    .map(({ body }) => presentAssignment(body, call.apiVersion, scope));
  return { status: 200, body: { value } };
}

/** `principalId eq` takes the principal's own, `assignedTo()` those of its groups too. */
function principalTest(
  directory: Directory,
  filter: readonly FilterTerm[],
): (principalId: string | undefined) => boolean {
  const own = termValue(filter, 'principalid')?.toLowerCase();
  const assignee = termValue(filter, 'assignedto')?.toLowerCase();
  const assignees = assignee && new Set([assignee, ...directory.groupsOf(assignee).map((id) => id.toLowerCase())]);
  return (principalId) =>
    principalId !== undefined &&
    (own === undefined || principalId === own) &&
    (!assignees || assignees.has(principalId));
}
