import type { DatabaseSync } from 'node:sqlite';
import type { ArrivalQuery, Arrivals, EventQuery, EventRange, StoredEvent } from '../../core/ports/store.ts';
import type { EpochMillis } from '../../core/time.ts';

/** The event streams of an open database. Every call is synchronous; `append` belongs inside a transaction. */
export interface Events {
  append(stream: string, events: readonly StoredEvent[]): void;
  query(stream: string, query: EventQuery): readonly (StoredEvent & { readonly sequence: number })[];
  scan(stream: string, range: EventRange): readonly StoredEvent[];
  arrivals(query: ArrivalQuery): Arrivals;
  forget(stream: string, before: EpochMillis): number;
  forgetThrough(stream: string, id: string): number;
}

interface Row {
  readonly id: string;
  readonly time: number;
  readonly sequence: number;
  readonly body: string;
}

/** Prepares the streams' statements. A sequence number is never given twice, not even after `forget`. */
export function prepareEvents(database: DatabaseSync): Events {
  const insert = database.prepare('INSERT INTO events (stream, time, id, body) VALUES (?, ?, ?, ?)');
  const select = database.prepare(
    `SELECT id, time, sequence, body FROM events
     WHERE stream = ? AND time >= ? AND time <= ? AND (time, sequence) < (?, ?)
     ORDER BY time DESC, sequence DESC LIMIT ?`,
  );
  const remove = database.prepare('DELETE FROM events WHERE stream = ? AND time < ?');
  const removeThrough = database.prepare('DELETE FROM events WHERE stream = ? AND id <= ?');
  const scan = prepareScan(database);
  return {
    append(stream, events) {
      for (const { id, time, body } of events) insert.run(stream, time, id, JSON.stringify(body));
    },
    query(stream, { from, to, limit, before }) {
      const end = before ?? { time: Number.MAX_SAFE_INTEGER, sequence: 0 };
      const latest = Math.min(to, end.time);
      const rows = select.all(stream, from, latest, end.time, end.sequence, limit);
      return rows.map((row) => toEvent(row as unknown as Row));
    },
    scan,
    arrivals: prepareArrivals(database),
    forget(stream, before) {
      return Number(remove.run(stream, before).changes);
    },
    forgetThrough(stream, id) {
      return Number(removeThrough.run(stream, id).changes);
    },
  };
}

/** Sorts behind every id. */
const afterAll = '\u{10ffff}';

/** By the index that holds the ids of a stream unique. */
function prepareScan(database: DatabaseSync): Events['scan'] {
  const columns = 'id, time, sequence, body';
  const upwards = database.prepare(`SELECT ${columns} FROM events WHERE stream = ? AND id > ? ORDER BY id LIMIT ?`);
  const downwards = database.prepare(
    `SELECT ${columns} FROM events WHERE stream = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  return (stream, range) => {
    const rows =
      'after' in range
        ? upwards.all(stream, range.after, range.limit)
        : downwards.all(stream, range.before ?? afterAll, range.limit);
    return rows.map((row) => {
      const { sequence: _, ...event } = toEvent(row as unknown as Row);
      return event;
    });
  };
}

/** Through the table as it grew: what the streams' names begin with is looked at, and not sorted by. */
function prepareArrivals(database: DatabaseSync): Events['arrivals'] {
  const select = database.prepare(
    `SELECT id, time, sequence, body FROM events NOT INDEXED
     WHERE sequence > ? AND substr(stream, 1, length(?)) = ? ORDER BY sequence LIMIT ?`,
  );
  const given = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
  return ({ streams, after, limit }) => {
    const rows = select.all(after, streams, streams, limit);
    const last = (given.get() as { readonly seq: number } | undefined)?.seq ?? 0;
    return { events: rows.map((row) => toEvent(row as unknown as Row)), last };
  };
}

function toEvent(row: Row): StoredEvent & { readonly sequence: number } {
  return { id: row.id, time: row.time as EpochMillis, sequence: row.sequence, body: JSON.parse(row.body) };
}
