import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './node-sqlite.ts';

/** A data directory that this process holds, until it releases it or ends, however it ends. */
export interface DataDirectoryLock {
  release(): void;
}

/**
 * Takes a data directory for this process alone, making it where it does not exist; answers the pid of the process that
 * holds it where one does. The lock is a file lock of the operating system (SQLite's, on `lock.db`), so that nothing stale
 * stays behind after `kill -9`. INVARIANT: nobody opens `lock.db` by other means in this process, since closing any other
 * handle on it would give the lock up (POSIX advisory locks).
 */
export function lockDataDirectory(directory: string): DataDirectoryLock | { readonly heldByPid: number } {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const database = openDatabase(join(directory, 'lock.db'));
  if (take(database)) return { release: () => database.isOpen && database.close() };
  const heldByPid = readPid(database);
  database.close();
  return { heldByPid };
}

/**
 * The pid is written before the lock is held for good, because only what is committed can be read by others; so it is read
 * again under the lock, in case another process wrote its own between the two.
 */
function take(database: DatabaseSync): boolean {
  while (begin(database)) {
    if (readPid(database) === process.pid) return true;
    database.exec(`PRAGMA user_version = ${process.pid}; COMMIT`);
  }
  return false;
}

/**
 * How long another process's write transaction is waited for, in milliseconds. One that only writes its pid is over sooner: it
 * may not take the lock in the end, so it must not be named as who holds it.
 */
const patienceMillis = 250;

/** Begins a write transaction; while it is open no other process can begin one, but all can read. */
function begin(database: DatabaseSync): boolean {
  try {
    database.exec(`PRAGMA busy_timeout = ${patienceMillis}; BEGIN IMMEDIATE`);
    return true;
  } catch (error) {
    if (error instanceof Error && /database is locked/.test(error.message)) return false;
    throw error;
  }
}

/** Waits out another process's commit of its pid, which takes a moment. */
function readPid(database: DatabaseSync): number {
  database.exec('PRAGMA busy_timeout = 1000');
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
