import { documentKey, type Store } from '../../../core/ports/store.ts';
import { parseDenyAssignment } from '../../../core/rbac/documents.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { foldId } from '../../../core/resource-id.ts';
import type { Answer, Call, ResourceType } from '../../provider-contract.ts';
import { parseFilter, termValue } from './filter.ts';
import { listFrom } from './scopes.ts';

const permission = 'Microsoft.Authorization/denyAssignments/read';

/** denyAssignments: read-only, since only the system makes them. */
export function denyAssignments(store: Store): ResourceType {
  return {
    type: 'denyAssignments',
    apiVersions: ['2024-07-01-preview', '2022-04-01', '2018-07-01-preview'],
    regional: false,
    operations: [
      {
        method: 'GET',
        path: '/{scope}/providers/Microsoft.Authorization/denyAssignments/{denyAssignmentId}',
        permission,
        handle: (call) => getDeny(store, call),
      },
      {
        method: 'GET',
        path: '/{scope}/providers/Microsoft.Authorization/denyAssignments',
        permission,
        handle: (call) => listDenials(store, call),
      },
    ],
  };
}

async function getDeny(store: Store, { resourceId, params }: Call): Promise<Answer | Refusal> {
  const document = await store.get(documentKey(resourceId));
  if (document !== undefined) return { status: 200, body: document.body };
  return refuse('DenyAssignmentNotFound', `The deny assignment '${params['denyAssignmentId']}' is not found.`);
}

async function listDenials(store: Store, { params, query }: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(query.get('$filter'), ['atscope', 'principalid', 'denyassignmentname']);
  if (isRefusal(filter)) return filter;
  const principal = termValue(filter, 'principalid');
  const name = termValue(filter, 'denyassignmentname');
  const atScope = filter.some((term) => term.name === 'atscope');
  const denials = await listFrom(store, params['scope'] ?? '/', 'denyassignments', atScope);
  const value = denials
    .map(({ body }) => body)
    .filter((body) => {
      const deny = parseDenyAssignment(body);
      const names = (deny?.principals ?? []).map(foldId);
      return (
        (name === undefined || deny?.name === name) && (principal === undefined || names.includes(foldId(principal)))
      );
    });
  return { status: 200, body: { value } };
}
