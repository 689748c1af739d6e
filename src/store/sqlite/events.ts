import type { DatabaseSync } from 'node:sqlite';
import type { EventQuery, StoredEvent } from '../../core/ports/store.ts';
import type { EpochMillis } from '../../core/time.ts';

/** The event streams of an open database. Every call is synchronous; `append` belongs inside a transaction. */
export interface Events {
  append(stream: string, events: readonly StoredEvent[]): void;
  query(stream: string, query: EventQuery): readonly (StoredEvent & { readonly sequence: number })[];
  forget(stream: string, before: EpochMillis): number;
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
    forget(stream, before) {
      return Number(remove.run(stream, before).changes);
    },
  };
}

function toEvent(row: Row): StoredEvent & { readonly sequence: number } {
  return { id: row.id, time: row.time as EpochMillis, sequence: row.sequence, body: JSON.parse(row.body) };
}
