import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { CheckpointSigner, CheckpointVerifier } from '../../src/core/ports/checkpoint-signer.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import type { SignInLog } from '../../src/sign-ins/sign-in-log.ts';
import { type Verification, verifyLog, type Witnesses } from '../../src/sign-ins/verify.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { makeSigner, openTestLog, signIn } from './log.ts';

describe('verifying the sign-in log', () => {
  let folder = '';
  let file = '';
  let keys: { readonly signer: CheckpointSigner; readonly verifier: CheckpointVerifier };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'postern-sign-ins-'));
    file = join(folder, 'store.db');
    keys = makeSigner();
    // Batches 1 to 3, 4 to 4 and 5 to 6; a checkpoint after 4 and one at the stop.
    await withLog(async (log) => {
      await Promise.all([1, 2, 3].map((n) => log.record(signIn(n))));
      await log.record(signIn(4));
      await log.checkpoint();
      await Promise.all([5, 6].map((n) => log.record(signIn(n))));
      await log.close();
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const withLog = async <T>(work: (log: SignInLog) => Promise<T>): Promise<T> => {
    const store = openSqliteStore({ file });
    try {
      return await work(openTestLog({ store, ...keys }).log);
    } finally {
      await store.close();
    }
  };

  const verify = async (witnesses: Partial<Witnesses> = {}): Promise<Verification> => {
    const store = openSqliteStore({ file });
    try {
      return await verifyLog(store, { verifier: keys.verifier, ...witnesses });
    } finally {
      await store.close();
    }
  };

  const tamper = (sql: string, ...values: readonly string[]): void => {
    const database = new DatabaseSync(file);
    database.prepare(sql).run(...values);
    database.close();
  };
  const body = (id: number): string => `(SELECT body FROM events WHERE stream = 'sign-ins' AND id = ${idOf(id)})`;
  const idOf = (id: number): string => `'${String(id).padStart(15, '0')}'`;
  const batch = (id: number): string => `stream = 'sign-ins' AND id = ${idOf(id)}`;

  it('finds a log whole that nobody touched, and says what no checkpoint covers', async () => {
    const { breach, records, checkpoints, uncovered, lastCheckpoint } = await verify();
    assert.deepEqual(
      { breach, records, checkpoints, uncovered },
      { breach: undefined, records: 6, checkpoints: 2, uncovered: 0 },
    );
    assert.equal(lastCheckpoint?.kind, 'stop');
    await withLog((log) => log.record(signIn(7)));
    assert.equal((await verify()).uncovered, 1);
  });

  it('names a record whose user was changed', async () => {
    const { id } = await withLog(async (log) => (await log.readAfter(3))[0] ?? assert.fail());
    tamper(`UPDATE events SET body = replace(body, 'alice', 'carol') WHERE ${batch(4)}`);
    const { breach } = await verify();
    assert.deepEqual([breach?.kind, breach?.number, breach?.id], ['changed', 4, id]);
  });

  it('names a record whose hash was changed, and with it its id', async () => {
    tamper(`UPDATE events SET body = json_set(body, '$.records[1][4]', 'AAAA') WHERE ${batch(1)}`);
    assert.deepEqual((await verify()).breach?.number, 2);
  });

  it('names a record whose time was changed, within its batch', async () => {
    const [was, is] = [signIn(2).time, signIn(9).time].map(String);
    tamper(`UPDATE events SET body = replace(body, ?, ?) WHERE ${batch(1)}`, was ?? '', is ?? '');
    assert.equal((await verify()).breach?.number, 2);
  });

  it('names the first record of a batch that is missing', async () => {
    tamper(`DELETE FROM events WHERE ${batch(4)}`);
    assert.equal((await verify()).breach?.message, 'Record 4 is missing.');
  });

  it('names a record that was taken out of its batch', async () => {
    tamper(`UPDATE events SET body = json_remove(body, '$.records[1]') WHERE ${batch(1)}`);
    assert.deepEqual((await verify()).breach?.number, 2);
  });

  it('names records that changed places, within a batch and between batches', async () => {
    tamper(
      `UPDATE events SET body = json_set(body, '$.records[0]', json_extract(body, '$.records[1]'),
       '$.records[1]', json_extract(body, '$.records[0]')) WHERE ${batch(1)}`,
    );
    assert.equal((await verify()).breach?.number, 1);
    tamper(
      `UPDATE events SET body = json_set(body, '$.records[0]', json_extract(body, '$.records[1]'),
       '$.records[1]', json_extract(body, '$.records[0]')) WHERE ${batch(1)}`,
    );
    assert.equal((await verify()).breach, undefined);
    tamper(`UPDATE events SET body = ${body(5)} WHERE ${batch(4)}`);
    assert.equal((await verify()).breach?.number, 4);
  });

  it('sees that the end was taken away, by the last checkpoint', async () => {
    tamper(`DELETE FROM events WHERE ${batch(5)}`);
    assert.equal((await verify()).breach?.message, 'Records 5 to 6 are missing.');
  });

  it('sees that the beginning was taken away: only a signed checkpoint says what was too old', async () => {
    tamper(`DELETE FROM events WHERE ${batch(1)}`);
    assert.equal((await verify()).breach?.message, 'Records 1 to 3 are missing.');
  });

  it('sees that all was taken away', async () => {
    tamper("DELETE FROM events WHERE stream = 'sign-ins'");
    assert.equal((await verify()).breach?.message, 'Records 1 to 6 are missing.');
  });

  it('sees a chain that was made anew from some record on', async () => {
    const forged = join(folder, 'forged.db');
    const store = openSqliteStore({ file: forged });
    const { log } = openTestLog({ store, ...keys });
    await Promise.all([1, 2, 3].map((n) => log.record(signIn(n))));
    await log.record(signIn(4, { user: { uid: 1001, userName: 'bob', groupNames: [] } }));
    await Promise.all([5, 6].map((n) => log.record(signIn(n))));
    await store.close();
    tamper("DELETE FROM events WHERE stream = 'sign-ins'");
    const database = new DatabaseSync(file);
    database.exec(`ATTACH '${forged}' AS forged;
      INSERT INTO events (stream, time, id, body) SELECT stream, time, id, body FROM forged.events WHERE stream = 'sign-ins'`);
    database.close();
    const { breach } = await verify();
    assert.deepEqual([breach?.kind, breach?.number], ['rewritten', 4]);
  });

  it('sees a checkpoint that was changed, taken out, or signed by another', async () => {
    assert.match((await verify({ verifier: makeSigner().verifier })).breach?.message ?? '', /not trusted here/);
    tamper(
      `UPDATE events SET body = json_set(body, '$.number', 3) WHERE stream = 'sign-ins/checkpoints' AND id = ${idOf(1)}`,
    );
    assert.match((await verify()).breach?.message ?? '', /Checkpoint 1 has a signature that does not hold/);
  });

  it('sees a checkpoint that is not even JSON', async () => {
    tamper(`UPDATE events SET body = '{' WHERE stream = 'sign-ins/checkpoints' AND id = ${idOf(2)}`);
    assert.equal((await verify()).breach?.message, 'Checkpoint 2 cannot be read.');
  });

  it('sees that checkpoints were taken away where more is uncovered than can be', async () => {
    const minutes = (n: number) => (signIn(0).time + n * 60_000) as EpochMillis;
    await withLog(async (log) => {
      await log.record(signIn(7, { time: minutes(5) }));
      await log.record(signIn(8, { time: minutes(15) }));
      await log.record(signIn(9, { time: minutes(15.1) }));
      await log.close();
    });
    assert.equal((await verify()).breach, undefined);
    tamper(`DELETE FROM events WHERE stream = 'sign-ins/checkpoints' AND id = ${idOf(3)}`);
    const { breach } = await verify();
    assert.deepEqual([breach?.kind, breach?.number], ['checkpoint', 7]);
    assert.match(breach?.message ?? '', /No checkpoint covers the records 7 to 9/);
    tamper("DELETE FROM events WHERE stream = 'sign-ins/checkpoints'");
    assert.equal((await verify()).breach?.number, 1);
  });

  it('finds whole what a process wrote that was ended before its checkpoint, once the next one has begun', async () => {
    await withLog((log) => log.record(signIn(7)));
    assert.equal((await verify()).uncovered, 1);
    const later = (signIn(0).time + 3_600_000) as EpochMillis;
    await withLog(async (log) => {
      await log.record(signIn(8, { time: later }));
      await log.head();
    });
    const { breach, uncovered } = await verify();
    assert.deepEqual([breach, uncovered], [undefined, 0]);
  });

  it('names a record that is not even JSON', async () => {
    tamper(`UPDATE events SET body = '{' WHERE ${batch(5)}`);
    assert.equal((await verify()).breach?.message, 'Record 5 cannot be read.');
  });

  it('sees by what was exported that the log was taken back to an earlier state, checkpoints and all', async () => {
    const { head } = await verify();
    tamper(`DELETE FROM events WHERE ${batch(5)}`);
    tamper(`DELETE FROM events WHERE stream = 'sign-ins/checkpoints' AND id = ${idOf(2)}`);
    assert.equal((await verify()).breach, undefined);
    const exported = new Map([[head.number, head.hash]]);
    assert.equal((await verify({ exported })).breach?.message, 'Records 5 to 6 are missing.');
  });

  it('sees by what the running log knows that its end was taken away', async () => {
    await withLog(async (log) => {
      await log.record(signIn(7));
      assert.equal((await log.verify(keys)).breach, undefined);
    });
    assert.equal((await verify({ head: { number: 8, hash: '' } })).breach?.message, 'Record 8 is missing.');
  });
});
