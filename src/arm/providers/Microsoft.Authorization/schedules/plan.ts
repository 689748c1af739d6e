import { documentKey, type Write } from '../../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { sameId } from '../../../../core/resource-id.ts';
import {
  type ActivationRule,
  collides,
  type Schedule,
  type ScheduleKind,
  type ScheduleTarget,
} from '../../../../core/schedules/schedule.ts';
import type { ScheduleRequest } from '../../../../core/schedules/schedule-request.ts';
import type { Window } from '../../../../core/schedules/window.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { Actor } from '../../../../core/token/actor.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { readClaim, sameTriple, tripleClaimKey } from '../role-assignments/claims.ts';
import { checkRoom } from '../role-assignments/room.ts';
import { authorizationId, typesOf } from './kinds.ts';
import { type KeptSchedule, type Ledger, readLedger, scheduleDocument } from './schedule-documents.ts';

/** What a request comes to when it is committed: the request itself, the writes, and the schedule whose time may have come. */
export interface Plan {
  readonly request: ScheduleRequest;
  readonly writes: readonly Write[];
  readonly scheduleId?: string;
}

/** What is to be granted: the target and terms of a new schedule. */
export interface WantedGrant extends ScheduleTarget, Window {
  readonly kind: ScheduleKind;
  readonly condition?: string;
  readonly linkedEligibilityId?: string;
  readonly actor?: Actor;
  readonly activation?: ActivationRule;
}

/** A new schedule that a request makes, and the writes beside the request's own. Refuses `RoleAssignmentExists`, and of one that begins at once `RoleAssignmentLimitExceeded`. */
export async function planSchedule(
  context: AuthorizationContext,
  grant: WantedGrant,
  { id: requestId, requestorId }: Pick<ScheduleRequest, 'id' | 'requestorId'>,
  now: EpochMillis,
): Promise<{ readonly schedule: Schedule; readonly writes: readonly Write[] } | Refusal> {
  const ledger = await readLedger(context.store, grant.kind, grant);
  const standing = ledger.schedules.find(({ schedule }) => collides(grant, schedule));
  if (standing !== undefined || (await isAssigned(context, grant, ledger))) return alreadyExists();
  // What begins later finds out then.
  const full = grant.startsAt <= now ? checkScheduleRoom(context, grant) : undefined;
  if (full !== undefined) return full;
  const name = context.random.uuid();
  const schedule: Schedule = {
    ...grant,
    id: authorizationId(grant.scope, typesOf[grant.kind].schedules, name),
    name,
    phase: 'pending',
    heldAs: context.random.uuid(),
    requestId,
    createdBy: requestorId,
    createdOn: now,
    updatedOn: now,
  };
  const put = { put: documentKey(schedule.id), body: scheduleDocument(schedule), when: { absent: true } } as const;
  return { schedule, writes: [put, ledger.add(schedule.id)] };
}

/**
 * The write by which a changed schedule holds its place beside the others of its ledger. Refuses `RoleAssignmentExists` where one of
 * them gives the same at the same time.
 */
export async function planRoom({ store }: AuthorizationContext, changed: Schedule): Promise<Write | Refusal> {
  const ledger = await readLedger(store, changed.kind, changed);
  const isOther = ({ id }: Schedule) => !sameId(id, changed.id);
  const standing = ledger.schedules.find(({ schedule }) => isOther(schedule) && collides(changed, schedule));
  return standing === undefined ? ledger.keep() : alreadyExists();
}

/** Whether there is room for the role assignment that makes a schedule real. Refuses `RoleAssignmentLimitExceeded`. */
export function checkScheduleRoom(
  context: Pick<AuthorizationContext, 'register' | 'limits'>,
  { kind, scope }: Pick<Schedule, 'kind' | 'scope'>,
): Refusal | undefined {
  return kind === 'Assignment' ? checkRoom(context, scope) : undefined;
}

/** Whether a role assignment that no schedule made gives the same already. */
async function isAssigned({ store }: AuthorizationContext, grant: WantedGrant, ledger: Ledger): Promise<boolean> {
  if (grant.kind === 'Eligibility') return false;
  const claim = await readClaim(store, tripleClaimKey(grant), (holder) => sameTriple(holder, grant));
  const { holder } = claim;
  return (
    holder !== undefined &&
    !ledger.schedules.some(({ schedule: { scope, heldAs } }) =>
      sameId(holder.id, authorizationId(scope, 'roleAssignments', heldAs)),
    )
  );
}

/** The schedule that a request is about: the one that it names, else the one that is in force, else the next. */
export async function findTarget(
  context: AuthorizationContext,
  kind: ScheduleKind,
  target: Pick<ScheduleTarget, 'principalId' | 'roleDefinitionId' | 'scope'>,
  named: string | undefined,
): Promise<KeptSchedule | Refusal> {
  const { schedules } = await readLedger(context.store, kind, target);
  const found =
    named === undefined
      ? schedules
          .filter(({ schedule }) => schedule.actor === undefined)
          .toSorted((a, b) => a.schedule.startsAt - b.schedule.startsAt)[0]
      : schedules.find(({ schedule }) => sameId(schedule.id, named) || schedule.name === named.toLowerCase());
  return found ?? refuse('RoleAssignmentDoesNotExist', 'The Role assignment does not exist.');
}

/** PIM's own words, which differ from those of a role assignment that is made without a schedule. */
export function alreadyExists(): Refusal {
  return refuse('RoleAssignmentExists', 'The Role assignment already exists.');
}

/** PIM's refusal of what its rules do not allow; `why` says it in words, which Azure does not. */
export function ruleFailed(rule: 'ExpirationRule' | 'JustificationRule' | 'EligibilityRule', why: string): Refusal {
  const message = `The following policy rules failed: ["${rule}"]`;
  return refuse('RoleAssignmentRequestPolicyValidationFailed', message, { details: [{ code: rule, message: why }] });
}
