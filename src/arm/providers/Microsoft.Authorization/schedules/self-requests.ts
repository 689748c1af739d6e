import type { VerifiedToken } from '../../../../core/ports/token-verifier.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { bindToActor } from '../../../../core/schedules/actor-binding.ts';
import { sameActor } from '../../../../core/schedules/schedule.ts';
import { type ScheduleRequest, statusAt } from '../../../../core/schedules/schedule-request.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { Actor } from '../../../../core/token/actor.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { checkCondition } from '../role-assignments/wanted-condition.ts';
import { collectionKey } from '../scopes.ts';
import { keep, type NewRequest, targetOf } from './admin-requests.ts';
import { planEarlyEnd } from './early-end.ts';
import { type Activation, findActivation } from './find-activation.ts';
import { typesOf } from './kinds.ts';
import { type Plan, planSchedule, ruleFailed } from './plan.ts';
import { approvalKey, parseRequest, readLedger } from './schedule-documents.ts';

/** Plans what a principal requests for itself: the requests that Azure's `SelfActivate` and `SelfDeactivate` are. */
export async function planSelf(
  context: AuthorizationContext,
  request: NewRequest,
  caller: VerifiedToken,
): Promise<Plan | Refusal> {
  if (request.principalId !== caller.objectId.toLowerCase()) {
    const message = `A principal activates its own eligibilities: '${request.principalId}' is not the caller '${caller.objectId}'.`;
    return refuse('InvalidRequestContent', message);
  }
  if (request.requestType === 'SelfActivate') return planActivate(context, request);
  if (request.requestType === 'SelfDeactivate') return planDeactivate(context, request);
  const message = `${request.requestType} is not supported: activate the eligibility again when the activation has ended.`;
  return refuse('InvalidRequestContent', message);
}

async function planActivate(context: AuthorizationContext, request: NewRequest): Promise<Plan | Refusal> {
  const found = await findActivation(context, request, request.createdOn);
  if (isRefusal(found)) return found;
  const { rule, eligibility } = found;
  if (request.justification === undefined) return ruleFailed('JustificationRule', 'A justification is required.');
  const linked = { ...request, linkedEligibilityId: eligibility.id };
  if (!rule.approvalRequired) return planActivation(context, linked, found, request.createdOn);
  if (await isPending(context, request)) {
    return refuse('PendingRoleAssignmentRequest', 'There is already an existing pending Role assignment request.');
  }
  const { random } = context;
  const review = { approvalId: random.uuid(), stageId: random.uuid(), approvers: rule.approvers };
  const pointer = {
    put: approvalKey(review.approvalId),
    body: { requestId: request.id },
    when: { absent: true },
  } as const;
  return keep({ ...linked, status: 'PendingApproval', review }, [pointer]);
}

/** Whether the same is asked for already, by the same, and waits for its approval. */
async function isPending({ store }: AuthorizationContext, request: NewRequest): Promise<boolean> {
  const { scope, principalId, roleDefinitionId, createdOn: now } = request;
  const documents = await store.list(collectionKey(scope, typesOf.Assignment.requests));
  return documents
    .map(parseRequest)
    .filter((one) => one.principalId === principalId && one.roleDefinitionId === roleDefinitionId)
    .some((one) => statusAt(one, now) === 'PendingApproval' && isOwn(one.actor, request.actor));
}

/** The grant that an activation makes: for a machine's user, that user's alone on that machine. */
export async function planActivation(
  context: AuthorizationContext,
  request: NewRequest,
  { eligibility, window }: Activation,
  now: EpochMillis,
): Promise<Plan | Refusal> {
  const granted = await planActivationSchedule(context, request, { eligibility, window }, now);
  if (isRefusal(granted)) return granted;
  const { schedule, writes } = granted;
  const scheduleId = schedule.id;
  return { ...keep({ ...request, scheduleId, status: 'ScheduleCreated' }, writes), scheduleId };
}

/** The schedule of an activation and its writes, without the request's own. */
export async function planActivationSchedule(
  context: AuthorizationContext,
  request: ScheduleRequest,
  { eligibility, window }: Pick<Activation, 'eligibility' | 'window'>,
  now: EpochMillis,
) {
  const { actor } = request;
  const terms = bothOf(eligibility.condition, request.condition);
  const condition = actor === undefined ? terms : bindToActor(actor, terms);
  const flaw = await checkCondition(condition);
  if (flaw !== undefined) return flaw;
  const grant = {
    ...targetOf(request),
    ...window,
    kind: 'Assignment' as const,
    linkedEligibilityId: eligibility.id,
    ...(condition === undefined ? {} : { condition }),
    ...(actor === undefined ? {} : { actor }),
  };
  return planSchedule(context, grant, request, now);
}

/** Who activates may narrow what the eligibility gives. */
function bothOf(given: string | undefined, asked: string | undefined): string | undefined {
  return given === undefined || asked === undefined ? (given ?? asked) : `(${given}) && (${asked})`;
}

async function planDeactivate(context: AuthorizationContext, request: NewRequest): Promise<Plan | Refusal> {
  const { schedules } = await readLedger(context.store, 'Assignment', request);
  const own = schedules.find(
    ({ schedule }) => schedule.linkedEligibilityId !== undefined && isOwn(schedule.actor, request.actor),
  );
  if (own === undefined) return refuse('RoleAssignmentDoesNotExist', 'The Role assignment does not exist.');
  const writes = await planEarlyEnd(context, own, request.createdOn);
  return keep({ ...request, scheduleId: own.schedule.id, status: 'Revoked' }, writes);
}

function isOwn(holder: Actor | undefined, asking: Actor | undefined): boolean {
  return holder === undefined || asking === undefined ? holder === asking : sameActor(holder, asking);
}
