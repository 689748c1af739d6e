import { isJsonObject, type Json } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { sameActor } from '../../../../core/schedules/schedule.ts';
import { type Review, statusAt } from '../../../../core/schedules/schedule-request.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { advance } from './advance.ts';
import { findApproval, isApprover, mayAssign, type Reviewed } from './approvals.ts';
import { findActivation } from './find-activation.ts';
import { changeRequest } from './schedule-documents.ts';
import { planActivationSchedule } from './self-requests.ts';

/**
 * PATCH of a stage: approves or denies, once and by another than who asked. Approving grants from now on, if the eligibility still
 * stands. Answers 204, as Azure answers nothing.
 */
export async function reviewStage(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const found = await findApproval(context, call);
  if (isRefusal(found)) return found;
  const refused = checkReviewer(context, found, call);
  if (refused !== undefined) return refused;
  const wanted = parseReview(call.body);
  if (isRefusal(wanted)) return wanted;
  const reviewedBy = call.caller.objectId;
  const review: Review = { ...found.review, ...wanted, reviewedBy, reviewedOn: call.now };
  return wanted.result === 'Deny' ? deny(context, found, review) : approve(context, found, review, call);
}

async function deny({ store }: AuthorizationContext, found: Reviewed, review: Review): Promise<Answer | Refusal> {
  const done = await store.transact([changeRequest(found, { status: 'Denied', review })]);
  return 'conflict' in done ? decidedMeanwhile(found) : { status: 204 };
}

async function approve(
  context: AuthorizationContext,
  found: Reviewed,
  review: Review,
  { now }: Call,
): Promise<Answer | Refusal> {
  const activation = await findActivation(context, found.request, now);
  if (isRefusal(activation)) return activation;
  const granted = await planActivationSchedule(context, found.request, activation, now);
  if (isRefusal(granted)) return granted;
  const { schedule, writes } = granted;
  const changed = changeRequest(found, { status: 'ScheduleCreated', review, scheduleId: schedule.id });
  if ('conflict' in (await context.store.transact([changed, ...writes]))) return decidedMeanwhile(found);
  await advance(context, schedule.id);
  return { status: 204 };
}

function checkReviewer(context: AuthorizationContext, found: Reviewed, call: Call): Refusal | undefined {
  const { request, review } = found;
  const { caller, now } = call;
  const isSameUser =
    caller.actor !== undefined && request.actor !== undefined && sameActor(caller.actor, request.actor);
  if (isSameUser || [request.requestorId, request.principalId].includes(caller.objectId)) {
    return refuse(
      'RoleAssignmentApprovalNotPermitted',
      'Nobody approves a request of their own: another identity and user must decide it.',
    );
  }
  if (!isApprover(context, review, caller) && !mayAssign(context, request, call)) {
    const message = `The client '${caller.appId}' with object id '${caller.objectId}' is not an approver of the request '${request.name}'.`;
    return refuse('RoleAssignmentApprovalNotPermitted', message);
  }
  const status = statusAt(request, now);
  if (status === 'PendingApproval') return undefined;
  const message = `The request '${request.name}' is ${status}: it cannot be decided any more.`;
  return refuse('RoleAssignmentApprovalCompleted', message);
}

/** The review stands in the body or under its `properties`: Azure's documents show both. */
function parseReview(
  body: Json | undefined,
): { readonly result: 'Approve' | 'Deny'; readonly justification?: string } | Refusal {
  const given = isJsonObject(body) ? (isJsonObject(body['properties']) ? body['properties'] : body) : {};
  const { reviewResult, justification } = given;
  const result = (['Approve', 'Deny'] as const).find((one) => one === reviewResult);
  if (result === undefined) {
    return refuse('InvalidRequestContent', "The property 'reviewResult' must be 'Approve' or 'Deny'.");
  }
  return typeof justification === 'string' ? { result, justification } : { result };
}

function decidedMeanwhile({ request }: Reviewed): Refusal {
  return refuse('Conflict', `The request '${request.name}' has just been changed by another. Please read it again.`);
}
