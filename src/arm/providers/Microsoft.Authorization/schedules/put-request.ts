import { documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { ScheduleKind } from '../../../../core/schedules/schedule.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { checkRole, checkScope, settlePrincipalType } from '../role-assignments/check.ts';
import { checkCondition } from '../role-assignments/wanted-condition.ts';
import { type NewRequest, planAdmin } from './admin-requests.ts';
import { advance } from './advance.ts';
import type { Plan } from './plan.ts';
import { presentRequest } from './present.ts';
import { loadRequest } from './schedule-documents.ts';
import { planSelf } from './self-requests.ts';
import { parseWantedRequest } from './wanted-request.ts';

// Each try that loses was beaten by another writer of the same grant, so more than a few mean something is wrong.
const tries = 5;

/** PUT of a schedule request: 201 with what has become of it. A request is made once; its name is not used again. */
export async function putRequest(
  context: AuthorizationContext,
  kind: ScheduleKind,
  call: Call,
): Promise<Answer | Refusal> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const plan = await planRequest(context, kind, call);
    if (isRefusal(plan)) return plan;
    if ('conflict' in (await context.store.transact(plan.writes))) continue;
    if (plan.scheduleId !== undefined) await advance(context, plan.scheduleId);
    const kept = await loadRequest(context.store, plan.request.id);
    return { status: 201, body: await presentRequest(context, kept?.request ?? plan.request, call.now) };
  }
  const message = `The request '${call.resourceId}' is being changed by other requests. Please try again.`;
  return refuse('Conflict', message);
}

/** POST validate: what a PUT would answer, and nothing comes of it. */
export async function validateRequest(
  context: AuthorizationContext,
  kind: ScheduleKind,
  call: Call,
): Promise<Answer | Refusal> {
  const plan = await planRequest(context, kind, call);
  if (isRefusal(plan)) return plan;
  return { status: 200, body: await presentRequest(context, plan.request, call.now) };
}

async function planRequest(context: AuthorizationContext, kind: ScheduleKind, call: Call): Promise<Plan | Refusal> {
  const wanted = parseWantedRequest(kind, call);
  if (isRefusal(wanted)) return wanted;
  if ((await context.store.get(documentKey(wanted.id))) !== undefined) {
    const message = `There is a request of the name '${wanted.name}' already. Make a new one under another GUID.`;
    return refuse('RoleAssignmentRequestExists', message);
  }
  const refusal = (await checkScope(context, wanted.scope)) ?? (await checkRole(context, wanted));
  const flaw = refusal ?? (await checkCondition(wanted.condition));
  if (flaw !== undefined) return flaw;
  const principalType = settlePrincipalType(context.directory, wanted);
  if (isRefusal(principalType)) return principalType;
  const { caller, now: createdOn } = call;
  const { actor, objectId: requestorId } = caller;
  const asked = { ...wanted, principalType, requestorId, createdOn, status: 'ScheduleCreated' } as const;
  const request: NewRequest = actor === undefined ? asked : { ...asked, actor };
  return request.requestType.startsWith('Self') ? planSelf(context, request, caller) : planAdmin(context, request);
}
