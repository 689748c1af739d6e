import type { DatabaseSync } from 'node:sqlite';
import { documentKey, typeOfKey } from '../../core/ports/store.ts';

/**
 * The steps that lead from an empty file to today's tables; `user_version` counts those taken. A step that has been
 * released is never changed: the next change is a step more.
 *
 * Keys and streams compare bytewise (SQLite's BINARY), so that "below a key" is one range of the primary key.
 */
const steps: readonly string[] = [
  `CREATE TABLE documents (
     key TEXT PRIMARY KEY, body TEXT NOT NULL, etag TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;
   CREATE TABLE revision (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL) STRICT;
   INSERT INTO revision VALUES (1, 0);
   CREATE TABLE events (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     stream TEXT NOT NULL, time INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
     UNIQUE (stream, id)) STRICT;
   CREATE INDEX events_by_time ON events (stream, time, sequence);`,
  `ALTER TABLE documents ADD COLUMN type TEXT NOT NULL DEFAULT '';
   UPDATE documents SET type = type_of_key(key);
   CREATE INDEX documents_by_type ON documents (type, key) WHERE type <> '';`,
];

/** Brings the tables up to date; `type_of_key` is what `typeOfKey` is. Throws for a file that a newer Postern wrote: its meaning is not known here. */
export function migrate(database: DatabaseSync): void {
  const { user_version: taken } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (taken > steps.length) {
    throw new Error(`The store has schema version ${taken}; this version of Postern knows up to ${steps.length}.`);
  }
  database.function('type_of_key', { deterministic: true }, (key) => typeOfKey(documentKey(String(key))));
  for (const [at, step] of steps.entries()) {
    if (at >= taken) database.exec(`BEGIN; ${step} PRAGMA user_version = ${at + 1}; COMMIT`);
  }
}
