import { formatActivityEvent } from '../../../../core/activity/format-event.ts';
import type { Write } from '../../../../core/ports/store.ts';
import type { VerifiedToken } from '../../../../core/ports/token-verifier.ts';
import type { Refusal } from '../../../../core/refusal.ts';
import { parseResourceId } from '../../../../core/resource-id.ts';
import type { Schedule } from '../../../../core/schedules/schedule.ts';
import { type EpochMillis, toEpochSeconds } from '../../../../core/time.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { assignmentIdOf } from './edges.ts';
import { typesOf } from './kinds.ts';

/** Azure's own application for Privileged Identity Management, which is who begins and ends grants there: `MS-PIM`. */
export const pimApplicationId = '01fc33a7-78ba-4d2f-a4b7-768e336e890e';

/** One end of a grant, and when it was due; with a refusal, one that could not begin. */
export interface Edge {
  readonly edge: 'begin' | 'end';
  readonly at: EpochMillis;
  readonly refusal?: Refusal;
}

/**
 * The writes that record in the activity log that a grant began or ended, by the service, both ends under one correlation id: for
 * the transaction that makes it so, that neither is ever without the other.
 */
export async function planEdgeRecord(
  context: Pick<AuthorizationContext, 'directory' | 'activityLog' | 'random'>,
  schedule: Schedule,
  { edge, at, refusal }: Edge,
): Promise<readonly Write[]> {
  const { directory, activityLog, random } = context;
  const isHeld = schedule.kind === 'Assignment';
  const type = isHeld ? 'roleAssignments' : typesOf.Eligibility.schedules;
  const resourceId = isHeld ? assignmentIdOf(schedule) : schedule.id;
  const subscriptionId = parseResourceId(schedule.scope)?.subscriptionId;
  const facts = {
    correlationId: schedule.name,
    operationId: random.uuid(),
    method: edge === 'begin' ? 'PUT' : 'DELETE',
    uri: resourceId,
    action: `Microsoft.Authorization/${type}/${edge === 'begin' ? 'write' : 'delete'}`,
    scope: resourceId,
    resourceId,
    caller: service(directory.tenant.tenantId, at),
    tenantId: directory.tenant.tenantId,
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    time: at,
  };
  const begun = formatActivityEvent({ ...facts, eventDataId: random.uuid() }, { status: 'Started' });
  const outcome =
    refusal === undefined
      ? ({ status: 'Succeeded', httpStatus: edge === 'begin' ? 201 : 200 } as const)
      : ({ status: 'Failed', httpStatus: 409, refusal } as const);
  return activityLog.planRecord([begun, formatActivityEvent({ ...facts, eventDataId: random.uuid() }, outcome)]);
}

function service(tenantId: string, at: EpochMillis): VerifiedToken {
  return {
    tenantId,
    objectId: pimApplicationId,
    appId: pimApplicationId,
    audience: '',
    issuer: '',
    issuedAt: toEpochSeconds(at),
    expiresOn: toEpochSeconds(at),
    roles: [],
    claims: { appid: pimApplicationId, name: 'MS-PIM' },
  };
}
