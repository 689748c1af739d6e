import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { documentKey } from '../../../src/core/ports/store.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { openDatabase } from '../../../src/store/sqlite/node-sqlite.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { storeConformance } from '../conformance.ts';

storeConformance('sqlite', (place) => openSqliteStore({ file: join(place, 'store.db') }));

describe('a store file', () => {
  let place = '';
  let file = '';
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'postern-sqlite-'));
    file = join(place, 'store.db');
  });
  afterEach(() => rmSync(place, { recursive: true }));

  it('keeps every acknowledged write of a process that was killed', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'write-until-killed.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged >= 25) child.kill('SIGKILL');
    }
    assert.ok(acknowledged >= 25);
    const store = openSqliteStore({ file });
    for (let n = 0; n <= acknowledged; n += 1) {
      assert.deepEqual((await store.get(documentKey(`/n/${n}`)))?.body, { n });
    }
    const events = await store.query('n', { from: 0 as EpochMillis, to: acknowledged as EpochMillis, limit: 99_999 });
    assert.equal(events.length, acknowledged + 1);
    await store.close();
  });

  it('keeps what was to survive the process, when that was killed', async () => {
    const words = [join(import.meta.dirname, 'write-until-killed.ts'), file, 'process'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged >= 500) child.kill('SIGKILL');
    }
    const store = openSqliteStore({ file });
    const kept = await store.list(documentKey('/n'));
    assert.ok(acknowledged >= 500 && kept.length > acknowledged);
    const events = await store.query('n', { from: 0 as EpochMillis, to: acknowledged as EpochMillis, limit: 99_999 });
    assert.equal(events.length, acknowledged + 1);
    await store.close();
  });

  it('belongs to one process: a second opening says so', async () => {
    const store = openSqliteStore({ file });
    assert.throws(() => openSqliteStore({ file }), /store\.db is open in another process/);
    await store.close();
    await openSqliteStore({ file }).close();
  });

  it('is readable by its owner alone, and so is its log', async () => {
    const store = openSqliteStore({ file });
    await store.transact([{ put: documentKey('/a'), body: {} }]);
    assert.deepEqual(
      [file, `${file}-wal`].map((path) => statSync(path).mode & 0o777),
      [0o600, 0o600],
    );
    await store.close();
  });

  it('keeps a write-ahead log', async () => {
    await openSqliteStore({ file }).close();
    const database = openDatabase(file);
    assert.deepEqual({ ...database.prepare('PRAGMA journal_mode').get() }, { journal_mode: 'wal' });
    database.close();
  });

  it('is none for a store in memory', async () => {
    const store = openSqliteStore({ file: ':memory:' });
    assert.ok('revision' in (await store.transact([{ put: documentKey('/a'), body: {} }])));
    await store.close();
    assert.equal(existsSync(':memory:'), false);
  });

  it('is refused when a newer version wrote it', async () => {
    const database = openDatabase(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    assert.throws(() => openSqliteStore({ file }), /schema version 99; this version of Postern knows up to 2/);
  });

  it('of an earlier version is brought up to date, its resources found by type', async () => {
    const database = openDatabase(file);
    database.exec(`CREATE TABLE documents (
       key TEXT PRIMARY KEY, body TEXT NOT NULL, etag TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;
     CREATE TABLE revision (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL) STRICT;
     INSERT INTO revision VALUES (1, 7);
     CREATE TABLE events (
       sequence INTEGER PRIMARY KEY AUTOINCREMENT,
       stream TEXT NOT NULL, time INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
       UNIQUE (stream, id)) STRICT;
     CREATE INDEX events_by_time ON events (stream, time, sequence);
     INSERT INTO documents VALUES ('/subscriptions/s', '{}', 'e', 7);
     PRAGMA user_version = 1`);
    database.close();
    const store = openSqliteStore({ file });
    const found = await store.list(documentKey(''), { type: 'microsoft.resources/subscriptions' });
    assert.deepEqual(found, [{ key: '/subscriptions/s', body: {}, etag: 'e', revision: 7 }]);
    await store.close();
  });

  it('takes its etags from the random source that it is given', async () => {
    const store = openSqliteStore({ file, random: { uuid: () => 'e1', bytes: (length) => new Uint8Array(length) } });
    await store.transact([{ put: documentKey('/a'), body: {} }]);
    assert.equal((await store.get(documentKey('/a')))?.etag, 'e1');
    await store.close();
  });

  it('opens without a warning, and lets other warnings pass', async () => {
    const module = JSON.stringify(join(import.meta.dirname, '../../../src/store/sqlite/node-sqlite.ts'));
    const script = `const { openDatabase } = await import(${module}); openDatabase(':memory:').close();
      process.emitWarning('another', 'ExperimentalWarning');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    await once(child, 'close');
    assert.doesNotMatch(stderr, /SQLite/);
    assert.match(stderr, /ExperimentalWarning: another/);
  });
});
