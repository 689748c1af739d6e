// What is about to happen to machines: announced on their metadata service before it happens, so that programs can prepare,
// and begun when they say so or when the notice is over.

import { isJsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import {
  type Announcement,
  type Impact,
  isListening,
  type Notices,
  type ScheduledEvents,
} from '../../core/ports/scheduled-events.ts';
import type { Change, Store } from '../../core/ports/store.ts';
import type { EpochMillis } from '../../core/time.ts';
import { type EventRecord, EventRecords, withEvents } from './event-records.ts';
import type { ScheduledEvent } from './scheduled-event.ts';
import { Waiters } from './waiters.ts';

/** What events are made from. `after` calls back once so many milliseconds have passed; default a timer. */
export interface ScheduledEventsPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly notices: Notices;
  readonly after?: (millis: number, act: () => void) => () => void;
}

/** The events of every machine, as its metadata service and the resource manager use them. */
export interface OpenScheduledEvents extends ScheduledEvents {
  /** A machine asks for its events: from now on it listens. */
  ask(vmId: string): Promise<EventRecord>;
  /** A machine approves events by their ids, in any letter case. False, and none is approved, when one is not its own. */
  approve(vmId: string, ids: readonly string[]): Promise<boolean>;
  /** Lets go of everybody who waits: for the host's stop. */
  close(): void;
}

/** A machine that asks often is noted so often only. */
const noteEveryMillis = 3_600_000;

/** Opens the events over a store. What was announced before the last end is found again when it is announced again. */
export function openScheduledEvents(ports: ScheduledEventsPorts): OpenScheduledEvents {
  const { store, clock, random, notices } = ports;
  const records = new EventRecords(store);
  const waiters = new Waiters(clock, ports.after);
  const unwatch = store.watch((changes) => {
    for (const vmId of removedMachines(changes)) {
      waiters.releaseAll(vmId);
      records.forget(vmId);
    }
  });

  async function schedule(impact: Impact): Promise<ScheduledEvent | undefined> {
    const { vmId, eventType, resourceName } = impact;
    let event: ScheduledEvent | undefined;
    await records.change(vmId, (record) => {
      const now = clock.now();
      event = record.events.find((one) => one.eventType === eventType && !waiters.has(one.id));
      if (event !== undefined || !isListening(record.askedAt, now)) return record;
      const notBefore = (now + (impact.noticeMillis ?? notices[eventType])) as EpochMillis;
      event = { id: random.uuid().toUpperCase(), eventType, status: 'Scheduled', notBefore, resourceName };
      return withEvents(record, [...record.events, event]);
    });
    return event;
  }

  async function announce(impact: Impact): Promise<Announcement> {
    const event = await schedule(impact);
    if (event === undefined) return { outcome: 'mayBegin', end: async () => undefined };
    const waits = event.status === 'Scheduled' && impact.approved !== true;
    const outcome = waits ? await waiters.wait(impact.vmId, event) : 'mayBegin';
    if (outcome === 'mayBegin') await settle(impact.vmId, event.id, (one) => [{ ...one, status: 'Started' }]);
    return { outcome, end: () => settle(impact.vmId, event.id, () => []) };
  }

  async function settle(vmId: string, id: string, next: (event: ScheduledEvent) => readonly ScheduledEvent[]) {
    await records.change(vmId, (record) =>
      record.events.some((event) => event.id === id)
        ? withEvents(
            record,
            record.events.flatMap((event) => (event.id === id ? next(event) : [event])),
          )
        : record,
    );
  }

  return {
    announce,
    ask: (vmId) =>
      records.change(vmId, (record) => {
        const now = clock.now();
        return record.askedAt !== undefined && now - record.askedAt < noteEveryMillis
          ? record
          : { ...record, askedAt: now };
      }),
    async approve(vmId, ids) {
      const { events } = await records.get(vmId);
      const meant = ids.map((id) => events.find((event) => event.id === id.toUpperCase()));
      if (meant.includes(undefined)) return false;
      for (const event of meant) if (event?.status === 'Scheduled') waiters.release(event.id);
      return true;
    },
    close() {
      unwatch();
      waiters.close();
    },
  };
}

/** The `vmId` of each machine that was removed. */
function removedMachines(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ before, after }) => {
    const properties = after === undefined ? before?.body['properties'] : undefined;
    const vmId = isJsonObject(properties) ? properties['vmId'] : undefined;
    return typeof vmId === 'string' ? [vmId] : [];
  });
}
