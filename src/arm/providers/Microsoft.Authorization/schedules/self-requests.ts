import type { VerifiedToken } from '../../../../core/ports/token-verifier.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { sameId } from '../../../../core/resource-id.ts';
import { bindToActor } from '../../../../core/schedules/actor-binding.ts';
import { type ActivationRule, isInForce, type Schedule, sameActor } from '../../../../core/schedules/schedule.ts';
import type { ScheduleRequest } from '../../../../core/schedules/schedule-request.ts';
import { parseWindow, type Window } from '../../../../core/schedules/window.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { Actor } from '../../../../core/token/actor.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { checkCondition } from '../role-assignments/wanted-condition.ts';
import { listFrom } from '../scopes.ts';
import { keep, type NewRequest, targetOf } from './admin-requests.ts';
import { planEarlyEnd } from './early-end.ts';
import { typesOf } from './kinds.ts';
import { type Plan, planSchedule, ruleFailed } from './plan.ts';
import { approvalKey, parseSchedule, readLedger } from './schedule-documents.ts';

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
  const { random } = context;
  const review = { approvalId: random.uuid(), stageId: random.uuid(), approvers: rule.approvers };
  const pointer = {
    put: approvalKey(review.approvalId),
    body: { requestId: request.id },
    when: { absent: true },
  } as const;
  return keep({ ...linked, status: 'PendingApproval', review }, [pointer]);
}

/** An eligibility by which a request may be granted, and the time for which. */
export interface Activation {
  readonly eligibility: Schedule;
  readonly rule: ActivationRule;
  readonly window: Window;
}

/**
 * The eligibility that a request would activate, as it stands now. Refuses `RoleAssignmentRequestPolicyValidationFailed`, naming
 * the rule, and what is wrong with its times.
 */
export async function findActivation(
  context: AuthorizationContext,
  request: Pick<
    NewRequest,
    'principalId' | 'roleDefinitionId' | 'scope' | 'scheduleInfo' | 'linkedEligibilityId' | 'actor'
  >,
  now: EpochMillis,
): Promise<Activation | Refusal> {
  const eligible = await eligibilitiesOf(context, request, now);
  const [eligibility] = eligible.filter(({ activation }) => fits(activation, request.actor));
  const rule = eligibility?.activation;
  if (eligibility === undefined || rule === undefined) return ineligible(eligible, request.actor);
  const window = parseWindow(request.scheduleInfo, now);
  if (isRefusal(window)) return window;
  const tooLong = checkLength(window, rule, eligibility);
  return tooLong ?? { eligibility, rule, window };
}

async function eligibilitiesOf(
  context: AuthorizationContext,
  { principalId, roleDefinitionId, scope, linkedEligibilityId }: Parameters<typeof findActivation>[1],
  now: EpochMillis,
): Promise<readonly Schedule[]> {
  const principals = [principalId, ...context.directory.groupsOf(principalId)].map((id) => id.toLowerCase());
  const kind = typesOf.Eligibility.schedules.toLowerCase();
  const documents = await listFrom(context, { scope, kind, atScope: true });
  return documents
    .map(parseSchedule)
    .filter((one) => one.roleDefinitionId === roleDefinitionId && principals.includes(one.principalId))
    .filter((one) => isInForce(one, now))
    .filter(({ id }) => linkedEligibilityId === undefined || sameId(id, linkedEligibilityId));
}

function fits(rule: ActivationRule | undefined, actor: Actor | undefined): boolean {
  if (rule === undefined || (rule.machineUsersOnly && actor === undefined)) return false;
  return rule.userNames === undefined || (actor !== undefined && rule.userNames.includes(actor.userName));
}

function ineligible(others: readonly Schedule[], actor: Actor | undefined): Refusal {
  if (others.length === 0) return ruleFailed('EligibilityRule', 'The principal is not eligible for this role here.');
  const who = actor === undefined ? 'the token does not name any' : `'${actor.userName}' is not among them`;
  return ruleFailed('EligibilityRule', `Only named users of a machine may activate this role: ${who}.`);
}

function checkLength(window: Window, rule: ActivationRule, eligibility: Schedule): Refusal | undefined {
  const { startsAt, endsAt } = window;
  if (endsAt === undefined) return ruleFailed('ExpirationRule', 'An activation must have an end.');
  if (endsAt - startsAt > rule.maximumMillis) {
    return ruleFailed('ExpirationRule', `An activation lasts at most ${rule.maximumMillis / 60_000} minutes.`);
  }
  if (eligibility.endsAt === undefined || endsAt <= eligibility.endsAt) return undefined;
  const until = new Date(eligibility.endsAt).toISOString();
  return ruleFailed('ExpirationRule', `The eligibility ends at ${until}, before the activation would.`);
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
