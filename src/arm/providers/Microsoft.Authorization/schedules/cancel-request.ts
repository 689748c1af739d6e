import { documentKey } from '../../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { statusAt } from '../../../../core/schedules/schedule-request.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { planEnd } from './edges.ts';
import { changeRequest, loadRequest, loadSchedule } from './schedule-documents.ts';

/** POST cancel: of a request that waits, for its approval or its start. What is in force is ended by a request of its own. */
export async function cancelRequest({ store }: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const id = call.resourceId.replace(/\/cancel$/i, '');
  const kept = await loadRequest(store, id);
  if (kept === undefined) return missingRequest(id);
  const schedule = await loadSchedule(store, kept.request.scheduleId ?? '/');
  const status = schedule?.schedule.phase === 'inForce' ? 'Provisioned' : statusAt(kept.request, call.now);
  if (status !== 'PendingApproval' && status !== 'ScheduleCreated') {
    const message = `The request '${kept.request.name}' is ${status}: only one that is PendingApproval or ScheduleCreated can be cancelled.`;
    return refuse('RoleAssignmentRequestCannotBeCancelled', message);
  }
  const ended = schedule === undefined ? [] : await planEnd(store, schedule, 'Canceled');
  const isMarked = ended.some((write) => 'put' in write && write.put === documentKey(id));
  const writes = isMarked ? ended : [...ended, changeRequest(kept, { status: 'Canceled' })];
  const done = await store.transact(writes);
  return 'conflict' in done
    ? refuse('Conflict', `The request '${kept.request.name}' has just been changed.`)
    : { status: 200 };
}

/** No such request. */
export function missingRequest(id: string): Refusal {
  return refuse('RoleAssignmentRequestNotFound', `The request '${id}' is not found.`);
}
