import type { JsonObject } from '../../../../core/json.ts';
import { loadPage, type Page, pageOf } from '../../../../core/paging.ts';
import { type Document, documentKey, type Store } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { type FilterTerm, parseFilter, termValue } from '../filter.ts';
import { isListedAt, listFrom } from '../scopes.ts';
import { presentAssignment } from './assignment-body.ts';

const forms = ['atScope()', "assignedTo('objectId')", "principalId eq 'objectId'"];

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
 * The role assignments at the scope, above and below it, a page at a time; `atScope()` leaves out those below. Those of deleted
 * principals stay listed, as in Azure. @see https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
export async function listAssignments(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(call.query.get('$filter'), forms);
  if (isRefusal(filter)) return filter;
  const place = { scope: call.params['scope'] ?? '/', atScope: filter.some(({ name }) => name === 'atscope') };
  const principals = principalsOf(context, filter);
  const show = ({ body }: { readonly body: JsonObject }) => presentAssignment(body, call.apiVersion, place.scope);
  const page =
    principals === undefined
      ? await pageOfAll(context, place, show, call)
      : await pageOfPrincipals(context, place, principals, show, call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** Whose are wanted: `principalId eq` means the principal's own, `assignedTo()` those of its groups too; both, what both have. */
function principalsOf(
  { directory }: AuthorizationContext,
  filter: readonly FilterTerm[],
): readonly string[] | undefined {
  const own = termValue(filter, 'principalid')?.toLowerCase();
  const assignee = termValue(filter, 'assignedto')?.toLowerCase();
  if (assignee === undefined) return own === undefined ? undefined : [own];
  const assignees = [...new Set([assignee, ...directory.groupsOf(assignee).map((id) => id.toLowerCase())])];
  return own === undefined ? assignees : assignees.filter((id) => id === own);
}

interface Place {
  readonly scope: string;
  readonly atScope: boolean;
}

type Show = (document: { readonly body: JsonObject }) => JsonObject;

function pageOfAll(context: AuthorizationContext, place: Place, show: Show, call: Call): Promise<Page | Refusal> {
  const load = (after: string, limit: number) => listFrom(context, { ...place, kind: 'roleassignments' }, after, limit);
  return loadPage<Document>(load, { keyOf: ({ key }) => key, show }, call);
}

/** A principal's assignments are known without reading those of others, however many there are. */
async function pageOfPrincipals(
  { store, hierarchy, register }: AuthorizationContext,
  { scope, atScope }: Place,
  principals: readonly string[],
  show: Show,
  call: Call,
): Promise<Page | Refusal> {
  const keys = register
    .assignmentsOf(principals)
    .filter((assignment) => isListedAt(hierarchy, assignment.scope, scope, atScope))
    .map(({ id }) => documentKey(id))
    .toSorted();
  const documents = await Promise.all(keys.map((key) => store.get(key)));
  const known = documents.filter((document) => document !== undefined);
  const page = pageOf(
    known.map(({ key, body }) => ({ key, body })),
    ({ key }) => key,
    call,
  );
  return isRefusal(page) ? page : { ...page, value: page.value.map((one) => show(one as { body: JsonObject })) };
}
