// The embedded store: documents, their change feed and event streams in one SQLite file, which one process owns. Nothing
// above knows SQL or that there is a file; what it promises is written at the port and held by `test/store/conformance.ts`.

import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Random } from '../../core/ports/random.ts';
import type { Change, Committed, DocumentKey, Store, Survives, Write } from '../../core/ports/store.ts';
import { openChangeFeed } from '../change-feed.ts';
import { type Documents, prepareDocuments } from './documents.ts';
import { type Events, prepareEvents } from './events.ts';
import { openDatabase } from './node-sqlite.ts';
import { migrate } from './schema.ts';

/**
 * Opens the store in `file`, making it where it does not exist (`:memory:` is a store that ends with the process). The file
 * is this process's alone until `close`: a second opening throws, which the host finds out beforehand by `lockDataDirectory`.
 */
export function openSqliteStore(options: { readonly file: string; readonly random?: Random }): Store {
  const database = openOwned(options.file);
  const documents = prepareDocuments(database, () => options.random?.uuid() ?? randomUUID());
  const events = prepareEvents(database);
  const feed = openChangeFeed();
  const transact = prepareTransact(database, documents, events);

  return {
    async get(key) {
      return documents.get(key);
    },
    async list(prefix, selection) {
      return documents.below(prefix, selection);
    },
    async transact(writes, survives = 'machine') {
      const { committed, changes } = transact(writes, survives);
      if ('revision' in committed && changes.length > 0) feed.publish(changes, committed.revision);
      return committed;
    },
    watch: feed.listen,
    async append(stream, added, survives = 'machine') {
      commitOf(survives)(database, () => events.append(stream, added));
    },
    async query(stream, query) {
      return events.query(stream, query);
    },
    async scan(stream, range) {
      return events.scan(stream, range);
    },
    async arrivals(query) {
      return events.arrivals(query);
    },
    async forgetThrough(stream, id) {
      return events.forgetThrough(stream, id);
    },
    async forget(stream, before) {
      return events.forget(stream, before);
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

/** Makes the file readable by its owner alone: signing keys are in it. SQLite gives its write-ahead log the same mode. */
function createPrivate(file: string): void {
  if (file !== ':memory:' && !existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

/** Exclusive locking needs no shared memory beside the file; it makes the revision that is held in memory the true one. */
function openOwned(file: string): DatabaseSync {
  createPrivate(file);
  const database = openDatabase(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new Error(`The store ${file} is open in another process.`, { cause: error });
  }
}

/** SQLite's result code SQLITE_BUSY, also in its extended forms. @see https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}

interface Outcome {
  readonly committed: Committed;
  readonly changes: readonly Change[];
}

/** The writes are done in order, each seeing those before it; a failed precondition undoes them all. */
function prepareTransact(
  database: DatabaseSync,
  documents: Documents,
  events: Events,
): (writes: readonly Write[], survives: Survives) => Outcome {
  const setRevision = database.prepare('UPDATE revision SET value = ?');
  const row = database.prepare('SELECT value FROM revision').get() as { value: number };
  let revision = row.value;

  return (writes, survives) => {
    const changes: Change[] = [];
    const conflict = undoing(documents, changes, () =>
      commitOf(survives)(database, (): DocumentKey | undefined => {
        for (const write of writes) {
          if ('append' in write) {
            events.append(write.append, write.events);
            continue;
          }
          const done = documents.write(write, revision + 1);
          if ('conflict' in done) return done.conflict;
          changes.push(...done);
        }
        if (changes.length > 0) setRevision.run(revision + 1);
        return undefined;
      }),
    );
    if (conflict !== undefined) return { committed: { conflict }, changes: [] };
    if (changes.length > 0) revision += 1;
    return { committed: { revision, etags: etagsOf(changes) }, changes };
  };
}

/** Lets the documents know when the transaction that `work` is did not happen. */
function undoing<T>(documents: Documents, changes: readonly Change[], work: () => T | undefined): T | undefined {
  let happened = false;
  try {
    const undone = work();
    happened = undone === undefined;
    return undone;
  } finally {
    if (!happened) documents.undo(changes);
  }
}

/** The etags of what stands after the transaction. */
function etagsOf(changes: readonly Change[]): ReadonlyMap<DocumentKey, string> {
  const etags = new Map<DocumentKey, string>();
  for (const { key, after } of changes) {
    if (after === undefined) etags.delete(key);
    else etags.set(key, after.etag);
  }
  return etags;
}

function commitOf(survives: Survives): typeof inTransaction {
  return survives === 'process' ? withoutSync : inTransaction;
}

/**
 * Runs `work` in one transaction that does not wait for the disk: it is in the write-ahead log, in the operating system's hands,
 * and the next one that waits brings it to the disk.
 * @see https://sqlite.org/pragma.html#pragma_synchronous, NORMAL in WAL mode
 */
function withoutSync<T>(database: DatabaseSync, work: () => T | undefined): T | undefined {
  database.exec('PRAGMA synchronous = NORMAL');
  try {
    return inTransaction(database, work);
  } finally {
    database.exec('PRAGMA synchronous = FULL');
  }
}

/** Runs `work` in one transaction: committed when it answers undefined, undone when it answers a value or throws. */
function inTransaction<T>(database: DatabaseSync, work: () => T | undefined): T | undefined {
  database.exec('BEGIN IMMEDIATE');
  try {
    const undone = work();
    database.exec(undone === undefined ? 'COMMIT' : 'ROLLBACK');
    return undone;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
