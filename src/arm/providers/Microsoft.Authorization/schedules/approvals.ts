import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import type { VerifiedToken } from '../../../../core/ports/token-verifier.ts';
import { factsOfCaller } from '../../../../core/rbac/access-facts.ts';
import { assignmentAttributes } from '../../../../core/rbac/assignment-attributes.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { sameActor } from '../../../../core/schedules/schedule.ts';
import { type Review, type ScheduleRequest, statusAt } from '../../../../core/schedules/schedule-request.ts';
import { formatArmTime } from '../../../../core/time.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { advance } from './advance.ts';
import { findActivation } from './find-activation.ts';
import { authorizationId } from './kinds.ts';
import { approvalKey, changeRequest, type KeptRequest, loadRequest } from './schedule-documents.ts';
import { planActivationSchedule } from './self-requests.ts';

/** A request with its review: what an approval is about. */
export type Reviewed = KeptRequest & { readonly review: Review };

/** The request that an approval in a call's path is of. Refuses `RoleAssignmentApprovalNotFound`, of another stage too. */
export async function findApproval({ store }: AuthorizationContext, { params }: Call): Promise<Reviewed | Refusal> {
  const approvalId = params['approvalId'] ?? '';
  const pointer = await store.get(approvalKey(approvalId));
  const requestId = pointer?.body['requestId'];
  const kept = typeof requestId === 'string' ? await loadRequest(store, requestId) : undefined;
  const review = kept?.request.review;
  const isStage = params['stageId'] === undefined || params['stageId'].toLowerCase() === review?.stageId;
  if (kept !== undefined && review !== undefined && isStage) return { ...kept, review };
  return refuse('RoleAssignmentApprovalNotFound', `The approval '${approvalId}' or its stage is not found.`);
}

/** GET of an approval, or of its one stage. @see Azure's role assignment approvals, 2021-01-01-preview */
export async function getApproval(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const found = await findApproval(context, call);
  if (isRefusal(found)) return found;
  const stage = presentStage(context, found, call);
  if (call.params['stageId'] !== undefined) return { status: 200, body: stage };
  const { approvalId } = found.review;
  const type = 'Microsoft.Authorization/roleAssignmentApprovals';
  const id = authorizationId('/', 'roleAssignmentApprovals', approvalId);
  return { status: 200, body: { id, name: approvalId, type, properties: { stages: [stage] } } };
}

function presentStage(context: AuthorizationContext, { request, review }: Reviewed, { now, caller }: Call): JsonObject {
  const { approvalId, stageId, result = 'NotReviewed', justification, reviewedBy, reviewedOn } = review;
  const type = 'Microsoft.Authorization/roleAssignmentApprovals/stages';
  const status = statusAt(request, now);
  const pending = status === 'TimedOut' ? 'Expired' : 'InProgress';
  const properties = {
    status: status === 'PendingApproval' || status === 'TimedOut' ? pending : 'Completed',
    assignedToMe: isApprover(context, review, caller),
    reviewResult: result,
    ...(justification === undefined ? {} : { justification }),
    ...(reviewedBy === undefined ? {} : { reviewedBy: { principalId: reviewedBy } }),
    ...(reviewedOn === undefined ? {} : { reviewedDateTime: formatArmTime(reviewedOn) }),
  };
  const id = `${authorizationId('/', 'roleAssignmentApprovals', approvalId)}/stages/${stageId}`;
  return { id, name: stageId, type, properties };
}

/** Whether an eligibility names the caller, or a group of it, among those who approve. */
export function isApprover({ directory }: AuthorizationContext, { approvers }: Review, caller: VerifiedToken): boolean {
  const own = [caller.objectId, ...directory.groupsOf(caller.objectId)].map((id) => id.toLowerCase());
  return own.some((id) => approvers.includes(id));
}

/** Whether the caller may assign roles where the request would: then it may approve as well. */
export function mayAssign(
  { authorizer }: AuthorizationContext,
  request: ScheduleRequest,
  { caller, now }: Call,
): boolean {
  const { scope } = request;
  const action = 'Microsoft.Authorization/roleAssignments/write';
  const facts = { ...factsOfCaller(caller, now), request: assignmentAttributes(request) };
  return authorizer.decide({ principalId: caller.objectId, action, scope, facts }).allowed;
}

/**
 * PATCH of a stage: approves or denies, once and by another than who asked. Approving grants from now on, if the eligibility still
 * stands. Answers 204, as Azure answers nothing.
 */
export async function reviewStage(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const found = await findApproval(context, call);
  if (isRefusal(found)) return found;
  const wanted = parseReview(call.body);
  const refused = checkReviewer(context, found, call) ?? (isRefusal(wanted) ? wanted : undefined);
  if (refused !== undefined || isRefusal(wanted)) return refused ?? refuse('InvalidRequestContent', '');
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
