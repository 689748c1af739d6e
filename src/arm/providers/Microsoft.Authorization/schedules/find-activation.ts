import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { sameId } from '../../../../core/resource-id.ts';
import { type ActivationRule, isInForce, type Schedule } from '../../../../core/schedules/schedule.ts';
import { parseWindow, type Window } from '../../../../core/schedules/window.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { Actor } from '../../../../core/token/actor.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { listFrom } from '../scopes.ts';
import type { NewRequest } from './admin-requests.ts';
import { typesOf } from './kinds.ts';
import { ruleFailed } from './plan.ts';
import { parseSchedule } from './schedule-documents.ts';

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
  const window = parseWindow(request.scheduleInfo, now);
  if (isRefusal(window)) return window;
  const found = eligible.flatMap((one) => activationBy(one, request.actor, window) ?? []);
  return found.find((one) => !isRefusal(one)) ?? found[0] ?? ineligible(eligible, request.actor);
}

/** What an eligibility makes of a request; undefined where it is not for who asks. */
function activationBy(
  eligibility: Schedule,
  actor: Actor | undefined,
  window: Window,
): Activation | Refusal | undefined {
  const rule = eligibility.activation;
  if (rule === undefined || !fits(rule, actor)) return undefined;
  return checkLength(window, rule, eligibility) ?? { eligibility, rule, window };
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

function fits(rule: ActivationRule, actor: Actor | undefined): boolean {
  if (rule.machineUsersOnly && actor === undefined) return false;
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
