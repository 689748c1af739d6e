import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import { formatInForce, parseRoleAssignment } from '../../../../core/rbac/documents.ts';
import type { Schedule } from '../../../../core/schedules/schedule.ts';
import type { RequestStatus } from '../../../../core/schedules/schedule-request.ts';
import { formatAssignment } from '../role-assignments/assignment-body.ts';
import { claimsHeldBy, nameClaimKey, readClaim, sameTriple, tripleClaimKey } from '../role-assignments/claims.ts';
import { authorizationId } from './kinds.ts';
import { changeRequest, type KeptSchedule, loadRequest, scheduleDocument } from './schedule-documents.ts';

/** The id of the role assignment that makes a schedule real. */
export function assignmentIdOf({ scope, heldAs }: Pick<Schedule, 'scope' | 'heldAs'>): string {
  return authorizationId(scope, 'roleAssignments', heldAs);
}

/** The writes by which a schedule comes into force; undefined where a role assignment gives the same already. */
export async function planBegin(
  store: Store,
  { schedule, document }: KeptSchedule,
): Promise<readonly Write[] | undefined> {
  const begun = { ...schedule, phase: 'inForce' as const };
  const put = { put: document.key, body: scheduleDocument(begun), when: { etag: document.etag } };
  const shown = [put, ...(await planStatus(store, schedule, 'Provisioned'))];
  if (schedule.kind === 'Eligibility') return shown;
  const id = assignmentIdOf(schedule);
  const name = await readClaim(store, nameClaimKey(schedule.heldAs), () => true);
  const triple = await readClaim(store, tripleClaimKey(schedule), (holder) => sameTriple(holder, schedule));
  if (triple.holder !== undefined) return undefined;
  // One user's grant does not stand for the identity's: others may have the same beside it.
  const claims = schedule.actor === undefined ? [name, triple] : [name];
  return [
    ...shown,
    { put: documentKey(id), body: assignmentOf(begun), when: { absent: true } },
    ...claims.map(({ key, when }) => ({ put: key, body: { id }, when })),
  ];
}

/** The schedule that made the role assignment which gives what another would, if one did. */
export async function findHolding(store: Store, schedule: Schedule): Promise<string | undefined> {
  if (schedule.kind === 'Eligibility') return undefined;
  const { holder } = await readClaim(store, tripleClaimKey(schedule), (one) => sameTriple(one, schedule));
  const document = holder === undefined ? undefined : await store.get(documentKey(holder.id));
  const id = document?.body['scheduleId'];
  return typeof id === 'string' ? id : undefined;
}

/** The writes by which a schedule ends, whatever it had come to, with the role assignment that made it real. */
export async function planEnd(
  store: Store,
  kept: KeptSchedule,
  status: RequestStatus = 'Revoked',
): Promise<readonly Write[]> {
  const ended = await planScheduleEnd(store, kept, status);
  const assignment = await store.get(documentKey(assignmentIdOf(kept.schedule)));
  const parsed = assignment && parseRoleAssignment(assignment.body);
  if (parsed === undefined) return ended;
  return [...ended, { remove: documentKey(parsed.id) }, ...(await claimsHeldBy(store, parsed))];
}

/** The writes by which the schedule alone ends: its role assignment is being deleted. */
export async function planScheduleEnd(
  store: Store,
  { schedule, document }: KeptSchedule,
  status: RequestStatus = 'Revoked',
): Promise<readonly Write[]> {
  return [{ remove: document.key, when: { etag: document.etag } }, ...(await planStatus(store, schedule, status))];
}

/**
 * The writes that give a schedule's role assignment its times and, where `withCondition`, its condition, which may have been given
 * another of its own; none before it has begun.
 */
export async function planHeld(store: Store, schedule: Schedule, withCondition: boolean): Promise<readonly Write[]> {
  const document = await store.get(documentKey(assignmentIdOf(schedule)));
  const properties = document?.body['properties'];
  if (document === undefined || !isJsonObject(properties)) return [];
  const made: JsonObject = assignmentOf(schedule);
  const changed = isJsonObject(made['properties']) ? made['properties'] : {};
  const { condition = null, conditionVersion = null, updatedOn = null } = changed;
  const terms = withCondition ? { condition, conditionVersion } : {};
  const body = { ...made, properties: { ...properties, ...terms, updatedOn } };
  return [{ put: document.key, body, when: { etag: document.etag } }];
}

function assignmentOf(schedule: Schedule) {
  const { id: scheduleId, heldAs: name, condition, createdBy, startsAt, updatedOn } = schedule;
  const facts = {
    ...schedule,
    id: assignmentIdOf(schedule),
    name,
    description: null,
    ...(condition === undefined ? {} : { condition }),
  };
  const body = formatAssignment(facts, createdBy, schedule.phase === 'inForce' ? updatedOn : startsAt);
  return { ...body, ...formatInForce(schedule), scheduleId };
}

/** The request that made a schedule says how far it has come. */
async function planStatus(store: Store, { requestId }: Schedule, status: RequestStatus): Promise<readonly Write[]> {
  const kept = await loadRequest(store, requestId);
  return kept === undefined ? [] : [changeRequest(kept, { status })];
}
