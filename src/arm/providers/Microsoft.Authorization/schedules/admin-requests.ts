import { documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Schedule, ScheduleTarget } from '../../../../core/schedules/schedule.ts';
import type { ScheduleRequest } from '../../../../core/schedules/schedule-request.ts';
import { parseWindow, type Window } from '../../../../core/schedules/window.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { planEarlyEnd, planShortening } from './early-end.ts';
import { planHeld } from './edges.ts';
import { findTarget, type Plan, planRoom, planSchedule } from './plan.ts';
import { requestDocument, scheduleDocument } from './schedule-documents.ts';
import type { WantedRequest } from './wanted-request.ts';

/** A request as it begins: what was wanted, by whom, of a principal whose type is known. */
export type NewRequest = ScheduleRequest & Pick<WantedRequest, 'targetScheduleId'>;

/** Plans a request of an administrator. */
export function planAdmin(context: AuthorizationContext, request: NewRequest): Promise<Plan | Refusal> {
  if (request.requestType === 'AdminRemove') return planRemove(context, request);
  const changes = request.requestType === 'AdminUpdate' || request.requestType === 'AdminExtend';
  return changes ? planChange(context, request) : planAssign(context, request);
}

/** AdminAssign, and AdminRenew, which is the same for what has ended. */
async function planAssign(context: AuthorizationContext, request: NewRequest): Promise<Plan | Refusal> {
  const { kind, condition, activation, createdOn: now } = request;
  const window = windowOf(request, now);
  if (isRefusal(window)) return window;
  const grant = {
    ...targetOf(request),
    ...window,
    kind,
    ...(condition === undefined ? {} : { condition }),
    ...(activation === undefined ? {} : { activation }),
  };
  const planned = await planSchedule(context, grant, request, now);
  if (isRefusal(planned)) return planned;
  const { schedule, writes } = planned;
  return {
    ...keep({ ...request, scheduleId: schedule.id, status: 'ScheduleCreated' }, writes),
    scheduleId: schedule.id,
  };
}

/** An eligibility may be without an end where its duration is null, as in Azure. @see Azure/azure-rest-api-specs issue 24242 */
function windowOf({ kind, scheduleInfo }: NewRequest, now: EpochMillis): Window | Refusal {
  const expiration = scheduleInfo?.['expiration'];
  const isEndless =
    kind === 'Eligibility' && typeof expiration === 'object' && expiration !== null && 'type' in expiration
      ? expiration['type'] === 'AfterDuration' && (expiration['duration'] ?? null) === null
      : false;
  return parseWindow(isEndless ? { ...scheduleInfo, expiration: { type: 'NoExpiration' } } : scheduleInfo, now);
}

/** AdminUpdate gives a schedule other times or another condition; AdminExtend a later end. */
async function planChange(context: AuthorizationContext, request: NewRequest): Promise<Plan | Refusal> {
  const kept = await findTarget(context, request.kind, request, request.targetScheduleId);
  if (isRefusal(kept)) return kept;
  const { schedule, document } = kept;
  const window = changedWindow(schedule, request);
  if (isRefusal(window)) return window;
  const changed = changeOf(schedule, window, request);
  const room = await planRoom(context, changed);
  if (isRefusal(room)) return room;
  const isHeld = changed.kind === 'Assignment';
  const held = isHeld
    ? await planHeld(context.store, changed, saysCondition(request))
    : await planShortening(context, changed);
  const put = { put: documentKey(changed.id), body: scheduleDocument(changed), when: { etag: document.etag } };
  // The change is made, whether its schedule has begun or not: it cannot be cancelled.
  const made = { ...request, scheduleId: schedule.id, status: 'Provisioned' } as const;
  return { ...keep(made, [put, room, ...held]), scheduleId: schedule.id };
}

/** The times after a change: what it does not say stays, the start of what has begun in any case; AdminExtend changes the end alone. */
function changedWindow(schedule: Schedule, request: NewRequest): Window | Refusal {
  const { requestType, scheduleInfo = {}, createdOn: now } = request;
  const hasBegun = schedule.phase === 'inForce';
  const keepsStart = hasBegun || requestType === 'AdminExtend' || (scheduleInfo['startDateTime'] ?? null) === null;
  // A duration counts from the start of what has not begun, and from now where something has.
  const own = keepsStart && !hasBegun ? { startDateTime: new Date(schedule.startsAt).toISOString() } : {};
  const given = windowOf({ ...request, scheduleInfo: { ...scheduleInfo, ...own } }, now);
  if (isRefusal(given)) return given;
  const startsAt = keepsStart ? schedule.startsAt : given.startsAt;
  const saysEnd = (scheduleInfo['expiration'] ?? null) !== null;
  if (requestType === 'AdminExtend') return checkLater(schedule, saysEnd ? given : schedule) ?? { ...given, startsAt };
  return saysEnd ? { ...given, startsAt } : keepEnd(schedule, startsAt);
}

function keepEnd({ endsAt }: Schedule, startsAt: EpochMillis): Window | Refusal {
  if (endsAt === undefined) return { startsAt };
  if (startsAt < endsAt) return { startsAt, endsAt };
  const [start, end] = [startsAt, endsAt].map((at) => new Date(at).toISOString());
  return refuse('InvalidRequestContent', `The start '${start}' must be before the end '${end}' that the schedule has.`);
}

function changeOf({ endsAt: _, ...schedule }: Schedule, window: Window, request: NewRequest): Schedule {
  const { condition, activation, requestType, createdOn: updatedOn } = request;
  const terms = saysCondition(request) && condition !== undefined ? { condition } : {};
  const rule = requestType === 'AdminUpdate' && activation !== undefined ? { activation } : {};
  return { ...schedule, ...terms, ...rule, ...window, updatedOn };
}

function saysCondition({ requestType, condition }: NewRequest): boolean {
  return requestType === 'AdminUpdate' && condition !== undefined;
}

function checkLater({ endsAt }: Schedule, window: Window): Refusal | undefined {
  if (endsAt !== undefined && (window.endsAt === undefined || window.endsAt > endsAt)) return undefined;
  const until = endsAt === undefined ? 'has no end' : `ends at ${new Date(endsAt).toISOString()}`;
  return refuse('InvalidRequestContent', `AdminExtend must give a later end: the schedule ${until}.`);
}

async function planRemove(context: AuthorizationContext, request: NewRequest): Promise<Plan | Refusal> {
  const kept = await findTarget(context, request.kind, request, request.targetScheduleId);
  if (isRefusal(kept)) return kept;
  const writes = await planEarlyEnd(context, kept, request.createdOn);
  return keep({ ...request, scheduleId: kept.schedule.id, status: 'Revoked' }, writes);
}

/** The plan of a new request beside other writes. */
export function keep({ targetScheduleId: _, ...request }: NewRequest, writes: Plan['writes']): Plan {
  const put = { put: documentKey(request.id), body: requestDocument(request), when: { absent: true } } as const;
  return { request, writes: [put, ...writes] };
}

/** Who, what and where. */
export function targetOf({ scope, roleDefinitionId, principalId, principalType }: ScheduleTarget): ScheduleTarget {
  return { scope, roleDefinitionId, principalId, principalType };
}
