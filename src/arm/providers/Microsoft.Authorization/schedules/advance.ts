import type { DocumentKey } from '../../../../core/ports/store.ts';
import { nextEdge, type Schedule } from '../../../../core/schedules/schedule.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { checkRoom } from '../role-assignments/room.ts';
import { planBegin, planEnd } from './edges.ts';
import { alreadyExists } from './plan.ts';
import { recordEdge } from './record-edge.ts';
import { type KeptSchedule, loadSchedule } from './schedule-documents.ts';

/** What making an end real needs of a provider's context. */
export type EdgeContext = Pick<
  AuthorizationContext,
  'store' | 'directory' | 'activityLog' | 'clock' | 'random' | 'register' | 'limits'
>;

/**
 * Makes real what of a schedule has fallen due, in order, and records it with the time at which it did. Does nothing when nothing
 * is due, and when another does it at the same time.
 */
export async function advance(context: EdgeContext, key: DocumentKey | string): Promise<void> {
  for (;;) {
    const kept = await loadSchedule(context.store, key);
    const due = kept && nextEdge(kept.schedule);
    if (kept === undefined || due === undefined || due.at > context.clock.now()) return;
    if (due.edge === 'begin') await begin(context, kept, due.at);
    else await end(context, kept, due.at);
  }
}

async function begin(context: EdgeContext, kept: KeptSchedule, at: EpochMillis): Promise<void> {
  const writes = await planBegin(context.store, kept);
  const refusal = writes === undefined ? alreadyExists() : fullFor(context, kept.schedule);
  if (writes !== undefined && refusal === undefined) {
    if ('conflict' in (await context.store.transact(writes))) return;
    return recordEdge(context, kept.schedule, { edge: 'begin', at });
  }
  const ended = await context.store.transact(await planEnd(context.store, kept, 'Failed'));
  if ('conflict' in ended) return;
  await recordEdge(context, kept.schedule, { edge: 'begin', at, ...(refusal === undefined ? {} : { refusal }) });
}

function fullFor(context: EdgeContext, { kind, scope }: Schedule) {
  return kind === 'Assignment' ? checkRoom(context, scope) : undefined;
}

async function end(context: EdgeContext, kept: KeptSchedule, at: EpochMillis): Promise<void> {
  const ended = await context.store.transact(await planEnd(context.store, kept));
  if (!('conflict' in ended)) await recordEdge(context, kept.schedule, { edge: 'end', at });
}
