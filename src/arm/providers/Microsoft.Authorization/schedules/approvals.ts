import type { JsonObject } from '../../../../core/json.ts';
import type { VerifiedToken } from '../../../../core/ports/token-verifier.ts';
import { factsOfCaller } from '../../../../core/rbac/access-facts.ts';
import { assignmentAttributes } from '../../../../core/rbac/assignment-attributes.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { type Review, type ScheduleRequest, statusAt } from '../../../../core/schedules/schedule-request.ts';
import { formatArmTime } from '../../../../core/time.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { authorizationId } from './kinds.ts';
import { approvalKey, type KeptRequest, loadRequest } from './schedule-documents.ts';

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
