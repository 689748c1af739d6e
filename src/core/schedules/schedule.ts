import type { PrincipalType } from '../ports/directory.ts';
import { sameId } from '../resource-id.ts';
import type { EpochMillis } from '../time.ts';
import type { Actor } from '../token/actor.ts';
import { overlaps, type Window } from './window.ts';

/** What is scheduled: that a principal has a role, or that it may activate one. */
export type ScheduleKind = 'Assignment' | 'Eligibility';

/** How an eligibility may be activated: an extension of ours, which Azure keeps in its role management policies. */
export interface ActivationRule {
  /** Only a machine's user may, whose token says so. */
  readonly machineUsersOnly: boolean;
  /** Only these users of machines may; anyone when left out. */
  readonly userNames?: readonly string[];
  readonly approvalRequired: boolean;
  /** Who may approve beside those who may assign roles: object ids, of groups too. */
  readonly approvers: readonly string[];
  /** The longest activation, in milliseconds. */
  readonly maximumMillis: number;
}

/** Azure's own longest activation: eight hours. */
export const defaultMaximumMillis = 8 * 3_600_000;

/** Who, what and where, as a schedule and the requests for it have them. The role is named by its GUID. */
export interface ScheduleTarget {
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
}

/** A grant or an eligibility with its time. */
export interface Schedule extends ScheduleTarget, Window {
  readonly id: string;
  readonly name: string;
  readonly kind: ScheduleKind;
  /** `pending` until its start has been made real. */
  readonly phase: 'pending' | 'inForce';
  /** The GUID of the role assignment that makes it real, and of its instance. */
  readonly heldAs: string;
  readonly requestId: string;
  readonly createdBy: string;
  readonly createdOn: EpochMillis;
  readonly updatedOn: EpochMillis;
  readonly condition?: string;
  /** The eligibility that was activated. */
  readonly linkedEligibilityId?: string;
  /** Whose alone it is: the machine's user who activated it. */
  readonly actor?: Actor;
  readonly activation?: ActivationRule;
}

/** What falls due for a schedule, and when; nothing more for one that is in force without an end. */
export function nextEdge({
  phase,
  startsAt,
  endsAt,
}: Schedule): { readonly edge: 'begin' | 'end'; readonly at: EpochMillis } | undefined {
  if (phase === 'pending') return { edge: 'begin', at: startsAt };
  return endsAt === undefined ? undefined : { edge: 'end', at: endsAt };
}

/** Whether a schedule's time has come and not gone. */
export function isInForce({ startsAt, endsAt }: Window, now: EpochMillis): boolean {
  return startsAt <= now && (endsAt === undefined || now < endsAt);
}

/** Whether a wanted grant would give what a standing one gives already: at the same time, and not to another user alone. */
export function collides(wanted: Pick<Schedule, 'actor'> & Window, standing: Schedule): boolean {
  if (!overlaps(wanted, standing)) return false;
  return standing.actor === undefined || (wanted.actor !== undefined && sameActor(wanted.actor, standing.actor));
}

/** Whether two are the same user of the same machine. */
export function sameActor(a: Actor, b: Actor): boolean {
  return a.uid === b.uid && a.userName === b.userName && sameId(a.machineResourceId, b.machineResourceId);
}
