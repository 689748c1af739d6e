import type { JsonObject } from '../../core/json.ts';
import { type Document, type DocumentKey, documentKey, type Store } from '../../core/ports/store.ts';
import type { EpochMillis } from '../../core/time.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

/** What is kept of a machine's events: that it listens, and what has been announced to it. */
export interface EventRecord {
  /** Grows with each change of the events; the first document has 1. */
  readonly incarnation: number;
  /** When the machine last asked for its events, to within the hour. */
  readonly askedAt?: EpochMillis;
  readonly events: readonly ScheduledEvent[];
}

const none: EventRecord = { incarnation: 1, events: [] };

/** The records of machines by `vmId`: a new machine of a name has none of the old one's. */
export class EventRecords {
  readonly #store: Store;
  readonly #known = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  async get(vmId: string): Promise<EventRecord> {
    return parse(await this.#store.get(keyOf(vmId)));
  }

  /** Changes a record and answers what it came to. Another's change in between is taken into account. */
  async change(vmId: string, next: (record: EventRecord) => EventRecord): Promise<EventRecord> {
    this.#known.add(vmId);
    const found = await this.#store.get(keyOf(vmId));
    const before = parse(found);
    const after = next(before);
    if (after === before) return before;
    const when = found === undefined ? ({ absent: true } as const) : { etag: found.etag };
    const body = { ...after } as unknown as JsonObject;
    const committed = await this.#store.transact([{ put: keyOf(vmId), body, when }]);
    return 'conflict' in committed ? this.change(vmId, next) : after;
  }

  /** Lets a machine's record go that was changed here. One that stays behind harms nobody: no machine has this id again. */
  forget(vmId: string): void {
    if (!this.#known.delete(vmId)) return;
    this.#store.transact([{ remove: keyOf(vmId) }]).catch(() => undefined);
  }
}

/** The record with other events: another document. */
export function withEvents(record: EventRecord, events: readonly ScheduledEvent[]): EventRecord {
  return { ...record, incarnation: record.incarnation + 1, events };
}

function keyOf(vmId: string): DocumentKey {
  return documentKey(`/scheduledevents/${vmId}`);
}

function parse(document: Document | undefined): EventRecord {
  return document === undefined ? none : (document.body as unknown as EventRecord);
}
