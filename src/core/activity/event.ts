import type { JsonObject } from '../json.ts';
import type { EpochMillis } from '../time.ts';

/**
 * One activity-log event in the shape that `eventtypes/management/values` (2015-04-01) answers, with the time also as a
 * number for ordering. @see Microsoft.Insights 2015-04-01 swagger, EventData
 */
export interface ActivityEvent {
  readonly time: EpochMillis;
  readonly eventDataId: string;
  readonly correlationId: string;
  readonly subscriptionId?: string;
  readonly resourceGroupName?: string;
  readonly resourceProviderName?: string;
  readonly resourceId: string;
  /** Object id of the caller. */
  readonly caller: string;
  /** `Started`, `Accepted`, `Succeeded`, `Failed`. */
  readonly status: string;
  /** The whole event as it goes on the wire. */
  readonly body: JsonObject;
}
