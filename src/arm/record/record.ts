// The activity log's two ends of each write, delete and action. The event's shape is `core/activity`'s.

import type { ActivityFacts, ActivityStage } from '../../core/activity/facts.ts';
import { formatActivityEvent } from '../../core/activity/format-event.ts';
import type { ActivityLog } from '../../core/ports/activity-log.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';

/** What the events of one request share. */
export type SharedFacts = Omit<ActivityFacts, 'eventDataId' | 'time'>;

/** Where events go, and what makes each one distinct. */
export interface Recorder {
  readonly activityLog: ActivityLog;
  readonly clock: Clock;
  readonly random: Random;
}

/** Whether an action is recorded: writes, deletes and actions are, reads are not. */
export function isRecorded(action: string | undefined): action is string {
  return action !== undefined && /\/(write|delete|action)$/i.test(action);
}

/** Records stages of a request in the activity log, in one append. */
export async function record(
  recorder: Recorder,
  facts: SharedFacts,
  ...stages: readonly ActivityStage[]
): Promise<void> {
  const { activityLog, clock, random } = recorder;
  const events = stages.map((stage) =>
    formatActivityEvent({ ...facts, eventDataId: random.uuid(), time: clock.now() }, stage),
  );
  await activityLog.record(events);
}
