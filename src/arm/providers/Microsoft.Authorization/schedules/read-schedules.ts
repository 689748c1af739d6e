import type { JsonObject } from '../../../../core/json.ts';
import { loadPage } from '../../../../core/paging.ts';
import type { Document } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { nameOf } from '../../../../core/resource-id.ts';
import { isInForce, type Schedule, type ScheduleKind } from '../../../../core/schedules/schedule.ts';
import { type ScheduleRequest, statusAt } from '../../../../core/schedules/schedule-request.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { type FilterTerm, parseFilter, termValue } from '../filter.ts';
import { collectionKey, listFrom } from '../scopes.ts';
import { isApprover, mayAssign } from './approvals.ts';
import { missingRequest } from './cancel-request.ts';
import { typesOf } from './kinds.ts';
import { presentInstance, presentRequest, presentSchedule } from './present.ts';
import { loadRequest, loadSchedule, parseRequest, parseSchedule } from './schedule-documents.ts';

const forms = [
  'atScope()',
  'asTarget()',
  'asRequestor()',
  'asApprover()',
  "assignedTo('objectId')",
  "principalId eq 'objectId'",
  "roleDefinitionId eq 'id'",
  "status eq 'Provisioned'",
  "requestType eq 'AdminAssign'",
];

/** Whether a list of requests asks for the caller's own alone, or for what awaits it: anyone may. */
export function isOwnRequests(call: Call): boolean {
  return asksFor(call, ['astarget', 'asrequestor', 'asapprover']);
}

/** Whether a list of schedules asks for those of the caller alone: anyone may. */
export function isOwnSchedules(call: Call): boolean {
  return asksFor(call, ['astarget']);
}

function asksFor({ query }: Call, names: readonly string[]): boolean {
  const filter = filterOf(query.get('$filter'));
  return !isRefusal(filter) && filter.some(({ name }) => names.includes(name));
}

/** Terraform puts its terms in parentheses. @see terraform-provider-azurerm, pim_active_role_assignment_resource.go */
function filterOf(text: string | undefined): readonly FilterTerm[] | Refusal {
  const bare = /^\s*\((?<inner>[^()]*)\)\s*$/.exec(text ?? '')?.groups?.['inner'];
  return parseFilter(bare ?? text, forms);
}

/** GET of one request. */
export async function getRequest(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const kept = await loadRequest(context.store, call.resourceId);
  if (kept === undefined) return missingRequest(call.resourceId);
  return { status: 200, body: await presentRequest(context, kept.request, call.now) };
}

/** GET of one schedule. */
export async function getSchedule(context: AuthorizationContext, { resourceId }: Call): Promise<Answer | Refusal> {
  const kept = await loadSchedule(context.store, resourceId);
  if (kept === undefined) return missing(resourceId);
  return { status: 200, body: await presentSchedule(context, kept.schedule) };
}

/** GET of one instance: what is in force now of a schedule. */
export async function getInstance(
  context: AuthorizationContext,
  kind: ScheduleKind,
  { resourceId, params, now }: Call,
): Promise<Answer | Refusal> {
  const documents = await context.store.list(collectionKey(params['scope'] ?? '/', typesOf[kind].schedules));
  const name = nameOf(resourceId).toLowerCase();
  const found = documents.map(parseSchedule).find((one) => one.heldAs === name && isInstance(one, now));
  return found === undefined ? missing(resourceId) : { status: 200, body: await presentInstance(context, found) };
}

function missing(id: string): Refusal {
  return refuse('RoleAssignmentScheduleNotFound', `'${id}' is not found: it does not exist, or has ended.`);
}

function isInstance(schedule: Schedule, now: Call['now']): boolean {
  return schedule.phase === 'inForce' && isInForce(schedule, now);
}

/** The requests at the scope, above and, unless `atScope()`, below it. */
export function listRequests(context: AuthorizationContext, kind: ScheduleKind, call: Call): Promise<Answer | Refusal> {
  return listOf(context, call, {
    type: typesOf[kind].requests,
    parse: parseRequest,
    shows: (request, filter) => showsRequest(context, request, filter, call),
    present: (request) => presentRequest(context, request, call.now),
  });
}

/** The schedules there: those that have begun or wait for their start. */
export function listSchedules(
  context: AuthorizationContext,
  kind: ScheduleKind,
  call: Call,
): Promise<Answer | Refusal> {
  return listOf(context, call, {
    type: typesOf[kind].schedules,
    parse: parseSchedule,
    shows: (schedule, filter) => showsTarget(context, schedule, filter, call),
    present: (schedule) => presentSchedule(context, schedule),
  });
}

/** What is in force there now. */
export function listInstances(
  context: AuthorizationContext,
  kind: ScheduleKind,
  call: Call,
): Promise<Answer | Refusal> {
  return listOf(context, call, {
    type: typesOf[kind].schedules,
    parse: parseSchedule,
    shows: (schedule, filter) => isInstance(schedule, call.now) && showsTarget(context, schedule, filter, call),
    present: (schedule) => presentInstance(context, schedule),
  });
}

interface Listing<Item> {
  readonly type: string;
  parse(document: Document): Item;
  shows(item: Item, filter: readonly FilterTerm[]): boolean;
  present(item: Item): Promise<JsonObject>;
}

async function listOf<Item>(
  context: AuthorizationContext,
  call: Call,
  { type, parse, shows, present }: Listing<Item>,
): Promise<Answer | Refusal> {
  const filter = filterOf(call.query.get('$filter'));
  if (isRefusal(filter)) return filter;
  const scope = call.params['scope'] ?? '/';
  const atScope = filter.some(({ name }) => name === 'atscope');
  const documents = await listFrom(context, { scope, kind: type.toLowerCase(), atScope });
  const shown = documents.filter((document) => shows(parse(document), filter));
  const load = async (after: string, limit: number) => {
    const from = after === '' ? 0 : shown.findIndex(({ key }) => key > after);
    const onPage = from < 0 ? [] : shown.slice(from, from + limit);
    return Promise.all(onPage.map(async (document) => ({ key: document.key, value: await present(parse(document)) })));
  };
  const page = await loadPage(load, { keyOf: ({ key }) => key, show: ({ value }) => value }, call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

function showsTarget(
  { directory }: AuthorizationContext,
  { principalId, roleDefinitionId }: Pick<Schedule, 'principalId' | 'roleDefinitionId'>,
  filter: readonly FilterTerm[],
  { caller }: Call,
): boolean {
  const isOf = (id: string) => [id, ...directory.groupsOf(id)].some((one) => one.toLowerCase() === principalId);
  return filter.every(({ name, value = '' }) => {
    if (name === 'astarget') return isOf(caller.objectId);
    if (name === 'assignedto') return isOf(value);
    if (name === 'principalid') return value.toLowerCase() === principalId;
    return name !== 'roledefinitionid' || nameOf(value).toLowerCase() === roleDefinitionId;
  });
}

function showsRequest(
  context: AuthorizationContext,
  request: ScheduleRequest,
  filter: readonly FilterTerm[],
  call: Call,
): boolean {
  const { caller, now } = call;
  const wanted = { status: statusAt(request, now), requesttype: request.requestType } as const;
  const fits = (['status', 'requesttype'] as const).every((name) => {
    const value = termValue(filter, name);
    return value === undefined || value.toLowerCase() === wanted[name].toLowerCase();
  });
  const has = (name: string) => filter.some((one) => one.name === name);
  if (!fits || (has('asrequestor') && request.requestorId !== caller.objectId)) return false;
  if (has('asapprover') && !awaits(context, request, call)) return false;
  return showsTarget(context, request, filter, call);
}

function awaits(context: AuthorizationContext, request: ScheduleRequest, call: Call): boolean {
  const { review } = request;
  if (review === undefined || statusAt(request, call.now) !== 'PendingApproval') return false;
  return isApprover(context, review, call.caller) || mayAssign(context, request, call);
}
