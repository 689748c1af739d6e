import type { ActivityEvent } from '../activity/event.ts';
import type { Refusal } from '../refusal.ts';
import type { EpochMillis } from '../time.ts';
import type { Write } from './store.ts';

/** A query of the activity log, as parsed from `$filter`. Both ends inclusive. */
export interface ActivityQuery {
  readonly subscriptionId?: string;
  readonly from: EpochMillis;
  readonly to: EpochMillis;
  readonly resourceGroupName?: string;
  readonly resourceId?: string;
  readonly resourceProvider?: string;
  readonly correlationId?: string;
  readonly caller?: string;
  /** The user of a machine who acted with its identity. */
  readonly userName?: string;
  /** The id of the token with which it was done. */
  readonly uti?: string;
  readonly status?: string;
  /** Any of these: `Critical`, `Error`, `Warning`, `Informational`. */
  readonly levels?: readonly string[];
  readonly limit: number;
  /** Opaque; from the page before. */
  readonly skipToken?: string;
}

/** An event as the log holds it. */
export interface RecordedActivity {
  /** Its place among all that was recorded: later ones have greater numbers, with gaps. */
  readonly number: number;
  readonly event: ActivityEvent;
}

/** One page of events, newest first. */
export interface ActivityPage {
  readonly events: readonly ActivityEvent[];
  readonly skipToken?: string;
}

/** The activity log. A skip token that is not ours is refused with `InvalidParameter`. */
export interface ActivityLog {
  /** The writes that record events, for the transaction that makes them true. */
  planRecord(events: readonly ActivityEvent[]): Promise<readonly Write[]>;
  record(events: readonly ActivityEvent[]): Promise<void>;
  query(query: ActivityQuery): Promise<ActivityPage | Refusal>;
}
