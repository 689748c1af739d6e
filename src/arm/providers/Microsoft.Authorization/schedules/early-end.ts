import type { Write } from '../../../../core/ports/store.ts';
import { sameId } from '../../../../core/resource-id.ts';
import type { Schedule } from '../../../../core/schedules/schedule.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { listFrom } from '../scopes.ts';
import { planEdgeRecord } from './edge-record.ts';
import { planEnd, planHeld } from './edges.ts';
import { typesOf } from './kinds.ts';
import { type KeptSchedule, parseSchedule, scheduleDocument } from './schedule-documents.ts';

/**
 * The writes by which a schedule ends now and not at its time, recorded where it was in force. What was activated by an eligibility
 * ends with it.
 */
export async function planEarlyEnd(
  context: AuthorizationContext,
  kept: KeptSchedule,
  now: EpochMillis,
): Promise<readonly Write[]> {
  const activated = kept.schedule.kind === 'Eligibility' ? await activationsOf(context, kept.schedule) : [];
  const ends = [kept, ...activated].map(async (one) => {
    const writes = await planEnd(context.store, one);
    if (one.schedule.phase !== 'inForce') return writes;
    return [...writes, ...(await planEdgeRecord(context, one.schedule, { edge: 'end', at: now }))];
  });
  return (await Promise.all(ends)).flat();
}

/** The writes by which what was activated by an eligibility ends no later than that does now. */
export async function planShortening(context: AuthorizationContext, eligibility: Schedule): Promise<readonly Write[]> {
  const { endsAt, updatedOn } = eligibility;
  if (endsAt === undefined) return [];
  const longer = (await activationsOf(context, eligibility)).filter(({ schedule }) => endOf(schedule) > endsAt);
  const writes = longer.map(async ({ document, schedule }) => {
    const shorter = { ...schedule, endsAt, updatedOn };
    const put = { put: document.key, body: scheduleDocument(shorter), when: { etag: document.etag } };
    return [put, ...(await planHeld(context.store, shorter, false))];
  });
  return (await Promise.all(writes)).flat();
}

function endOf({ endsAt }: Schedule): number {
  return endsAt ?? Number.POSITIVE_INFINITY;
}

async function activationsOf(context: AuthorizationContext, { id, scope }: Schedule): Promise<readonly KeptSchedule[]> {
  const kind = typesOf.Assignment.schedules.toLowerCase();
  const documents = await listFrom(context, { scope, kind, atScope: false });
  return documents
    .map((document) => ({ document, schedule: parseSchedule(document) }))
    .filter(
      ({ schedule: { linkedEligibilityId } }) => linkedEligibilityId !== undefined && sameId(linkedEligibilityId, id),
    );
}
