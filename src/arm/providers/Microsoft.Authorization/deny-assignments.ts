import type { JsonObject } from '../../../core/json.ts';
import { documentKey, type Store } from '../../../core/ports/store.ts';
import { everyone } from '../../../core/rbac/deny-table.ts';
import { parseDenyAssignment } from '../../../core/rbac/documents.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { foldId } from '../../../core/resource-id.ts';
import type { Answer, Call, ResourceType } from '../../provider-contract.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import { type FilterTerm, parseFilter, termValue } from './filter.ts';
import { listFrom } from './scopes.ts';

const permission = 'Microsoft.Authorization/denyAssignments/read';
const forms = [
  'atScope()',
  "assignedTo('objectId')",
  "principalId eq 'objectId'",
  "denyAssignmentName eq 'name'",
  "gdprExportPrincipalId eq 'objectId'",
];

/** denyAssignments: read-only, since only the system makes them. */
export function denyAssignments(context: AuthorizationContext): ResourceType {
  return {
    type: 'denyAssignments',
    apiVersions: ['2024-07-01-preview', '2022-04-01', '2018-07-01-preview'],
    regional: false,
    operations: [
      {
        method: 'GET',
        path: '/{scope}/providers/Microsoft.Authorization/denyAssignments/{denyAssignmentId}',
        permission,
        handle: (call) => getDeny(context.store, call),
      },
      {
        method: 'GET',
        path: '/{scope}/providers/Microsoft.Authorization/denyAssignments',
        permission,
        handle: (call) => listDenials(context, call),
      },
    ],
  };
}

async function getDeny(store: Store, { resourceId, params }: Call): Promise<Answer | Refusal> {
  const document = await store.get(documentKey(resourceId));
  if (document !== undefined) return { status: 200, body: showDenial(document.body) };
  return refuse('DenyAssignmentNotFound', `The deny assignment '${params['denyAssignmentId']}' is not found.`);
}

/** Which stack made it is named in words alone. */
function showDenial({ stackId: _, ...body }: JsonObject): JsonObject {
  return body;
}

/** @see https://learn.microsoft.com/azure/role-based-access-control/deny-assignments-rest */
async function listDenials(context: AuthorizationContext, { params, query }: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(query.get('$filter'), forms);
  if (isRefusal(filter)) return filter;
  const atScope = filter.some((term) => term.name === 'atscope');
  const isWanted = wantedBy(context, filter);
  const denials = await listFrom(context, { scope: params['scope'] ?? '/', kind: 'denyassignments', atScope });
  return {
    status: 200,
    body: {
      value: denials
        .map(({ body }) => body)
        .filter(isWanted)
        .map(showDenial),
    },
  };
}

/** `principalId eq` takes those that name the principal, `assignedTo()` those that apply to it, by its groups too. */
function wantedBy({ directory }: AuthorizationContext, filter: readonly FilterTerm[]): (body: JsonObject) => boolean {
  const name = termValue(filter, 'denyassignmentname');
  const named = termValue(filter, 'principalid') ?? termValue(filter, 'gdprexportprincipalid');
  const assignee = termValue(filter, 'assignedto');
  const applying = assignee && new Set([everyone, foldId(assignee), ...directory.groupsOf(assignee).map(foldId)]);
  return (body) => {
    const deny = parseDenyAssignment(body);
    if (deny === undefined) return false;
    const principals = deny.principals.map(foldId);
    if (name !== undefined && deny.name !== name) return false;
    if (named !== undefined && !principals.includes(foldId(named))) return false;
    return !applying || principals.some((principal) => applying.has(principal));
  };
}
