import type { DocumentKey } from '../../../../core/ports/store.ts';
import { nextEdge, type Schedule } from '../../../../core/schedules/schedule.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { planEdgeRecord } from './edge-record.ts';
import { findHolding, planBegin, planEnd } from './edges.ts';
import { alreadyExists, checkScheduleRoom } from './plan.ts';
import { type KeptSchedule, loadSchedule } from './schedule-documents.ts';

/** What making an end real needs of a provider's context. */
export type EdgeContext = Pick<
  AuthorizationContext,
  'store' | 'directory' | 'activityLog' | 'clock' | 'random' | 'register' | 'limits'
>;

/**
 * Makes real what of a schedule has fallen due, in order, and records it with the time at which it did. Does nothing when nothing
 * is due; where another does it at the same time, one of the two does.
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
  await endPredecessor(context, kept.schedule);
  const writes = await planBegin(context.store, kept);
  const refusal = writes === undefined ? alreadyExists() : checkScheduleRoom(context, kept.schedule);
  const edge = { edge: 'begin', at, ...(refusal === undefined ? {} : { refusal }) } as const;
  const done = writes === undefined || refusal !== undefined ? await planEnd(context.store, kept, 'Failed') : writes;
  await context.store.transact([...done, ...(await planEdgeRecord(context, kept.schedule, edge))]);
}

/** What gave the same until now ends first, though nobody may have come round to its end yet. */
async function endPredecessor(context: EdgeContext, schedule: Schedule): Promise<void> {
  const holding = await findHolding(context.store, schedule);
  if (holding !== undefined) await advance(context, holding);
}

async function end(context: EdgeContext, kept: KeptSchedule, at: EpochMillis): Promise<void> {
  const ended = await planEnd(context.store, kept);
  await context.store.transact([...ended, ...(await planEdgeRecord(context, kept.schedule, { edge: 'end', at }))]);
}
