import type { JsonObject } from '../json.ts';
import type { EpochMillis } from '../time.ts';
import type { Actor } from '../token/actor.ts';
import type { ActivationRule, ScheduleKind, ScheduleTarget } from './schedule.ts';

/** What may be requested. @see azure-mgmt-authorization, RequestType */
export const requestTypes = [
  'AdminAssign',
  'AdminRemove',
  'AdminUpdate',
  'AdminExtend',
  'AdminRenew',
  'SelfActivate',
  'SelfDeactivate',
  'SelfExtend',
  'SelfRenew',
] as const;

/** One of those. */
export type RequestType = (typeof requestTypes)[number];

/** How far a request has come: Azure's words. `ScheduleCreated` waits for its start, `Revoked` has ended. @see azure-mgmt-authorization, Status */
export type RequestStatus =
  | 'PendingApproval'
  | 'ScheduleCreated'
  | 'Provisioned'
  | 'Revoked'
  | 'Canceled'
  | 'Denied'
  | 'TimedOut'
  | 'Failed';

/** What became of a request that needed an approval. */
export interface Review {
  readonly approvalId: string;
  readonly stageId: string;
  readonly approvers: readonly string[];
  readonly result?: 'Approve' | 'Deny';
  readonly reviewedBy?: string;
  readonly reviewedOn?: EpochMillis;
  readonly justification?: string;
}

/** A request for a schedule, as it is kept. */
export interface ScheduleRequest extends ScheduleTarget {
  readonly id: string;
  readonly name: string;
  readonly kind: ScheduleKind;
  readonly requestType: RequestType;
  readonly status: RequestStatus;
  readonly requestorId: string;
  readonly createdOn: EpochMillis;
  /** As it was written. */
  readonly scheduleInfo?: JsonObject;
  readonly ticketInfo?: JsonObject;
  readonly justification?: string;
  readonly condition?: string;
  /** The schedule that it is about, or made. */
  readonly scheduleId?: string;
  readonly linkedEligibilityId?: string;
  readonly activation?: ActivationRule;
  /** The machine's user who asked. */
  readonly actor?: Actor;
  readonly review?: Review;
}

/** How long a request waits for its approval, as Azure's: a day. */
export const approvalMillis = 86_400_000;

/** A request's status now: one that nobody decided in time says so. */
export function statusAt(
  { status, createdOn }: Pick<ScheduleRequest, 'status' | 'createdOn'>,
  now: EpochMillis,
): RequestStatus {
  return status === 'PendingApproval' && now >= createdOn + approvalMillis ? 'TimedOut' : status;
}
