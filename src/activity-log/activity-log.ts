// The activity log: who did what, where and when, and what came of it. It keeps one stream of events for each subscription
// and one for the tenant, in the store, for 90 days; what an event says is decided in `core/activity`.

import type { ActivityEvent } from '../core/activity/event.ts';
import { matchesActivityQuery } from '../core/activity/matches.ts';
import { activityRetentionMillis } from '../core/activity/retention.ts';
import type { JsonObject } from '../core/json.ts';
import type { ActivityLog, ActivityPage, ActivityQuery, RecordedActivity } from '../core/ports/activity-log.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Store, StoredEvent } from '../core/ports/store.ts';
import { refuse } from '../core/refusal.ts';
import type { EpochMillis } from '../core/time.ts';
import { formatSkipToken, type PageEnd, parseSkipToken } from './skip-token.ts';
import { openStreams, streamsRoot } from './streams.ts';

/** An activity log with what only its owner may do. */
export interface RetainingActivityLog extends ActivityLog {
  /** The subscriptions that have events, and undefined where the tenant has. */
  subscriptionIds(): Promise<readonly (string | undefined)[]>;
  /** Forgets the events that are older than 90 days; answers how many went. */
  retain(): Promise<number>;
  /** The events after a number, of whichever subscription, oldest first: some, or none at the end. */
  readAfter(number: number): Promise<readonly RecordedActivity[]>;
  /** Where the log ends: no event has a greater number. */
  head(): Promise<Pick<RecordedActivity, 'number'>>;
  /** Each event is on the disk when it is recorded. */
  settle(): Promise<void>;
  /** Calls `listener` after each write. Returns how to stop. */
  watch(listener: () => void): () => void;
}

/** Opens the activity log over a store. Events are kept in the order in which they are recorded. */
export function openActivityLog({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): RetainingActivityLog {
  const streams = openStreams(store);
  const listeners = new Set<() => void>();
  const planRecord = (events: readonly ActivityEvent[]) =>
    Promise.all(
      [...Map.groupBy(events, ({ subscriptionId }) => subscriptionId)].map(async ([subscriptionId, own]) => ({
        append: await streams.forWriting(subscriptionId),
        events: own.map(toStored),
      })),
    );
  return {
    planRecord,
    async record(events) {
      await store.transact(await planRecord(events));
      for (const listener of listeners) listener();
    },
    async query(query) {
      const before = query.skipToken === undefined ? undefined : parseSkipToken(query.skipToken);
      if (query.skipToken !== undefined && before === undefined) {
        return refuse('InvalidParameter', 'The $skiptoken is not one that an earlier page gave.', {
          target: '$skiptoken',
        });
      }
      return readPage(store, streams.nameOf(query.subscriptionId), query, before);
    },
    subscriptionIds: () => streams.subscriptionIds(),
    async retain() {
      const oldest = (clock.now() - activityRetentionMillis) as EpochMillis;
      const forgotten = await Promise.all((await streams.names()).map((stream) => store.forget(stream, oldest)));
      return forgotten.reduce((sum, count) => sum + count, 0);
    },
    async readAfter(number) {
      const { events } = await store.arrivals({ streams: streamsRoot, after: number, limit: batchSize });
      return events.map(({ sequence, ...stored }) => ({ number: sequence, event: fromStored(stored) }));
    },
    async head() {
      const { last } = await store.arrivals({ streams: streamsRoot, after: Number.MAX_SAFE_INTEGER, limit: 1 });
      return { number: last };
    },
    settle: async () => undefined,
    watch(listener) {
      listeners.add(listener);
      // Events that were written together with documents are told of by these.
      const unwatch = store.watch(() => listener());
      return () => {
        listeners.delete(listener);
        unwatch();
      };
    },
  };
}

/** How many events are read at once, and how many a page may look at before it hands over to the next, found or not. */
const batchSize = 500;
const batchesPerPage = 10;

async function readPage(
  store: Store,
  stream: string,
  query: ActivityQuery,
  start: PageEnd | undefined,
): Promise<ActivityPage> {
  const found: ActivityEvent[] = [];
  let before = start;
  for (let batch = 0; batch < batchesPerPage; batch += 1) {
    const { from, to } = query;
    const stored = await store.query(stream, { from, to, limit: batchSize, ...(before && { before }) });
    for (const { sequence, ...item } of stored) {
      const event = fromStored(item);
      if (matchesActivityQuery(event, query)) {
        if (found.length === query.limit && before !== undefined)
          return { events: found, skipToken: formatSkipToken(before) };
        found.push(event);
      }
      before = { time: item.time, sequence };
    }
    if (stored.length < batchSize) return { events: found };
  }
  return before === undefined ? { events: found } : { events: found, skipToken: formatSkipToken(before) };
}

function toStored({ eventDataId, time, ...rest }: ActivityEvent): StoredEvent {
  return { id: eventDataId, time, body: rest as JsonObject };
}

function fromStored({ id, time, body }: StoredEvent): ActivityEvent {
  return { ...(body as unknown as Omit<ActivityEvent, 'eventDataId' | 'time'>), eventDataId: id, time };
}
