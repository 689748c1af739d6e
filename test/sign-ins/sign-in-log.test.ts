import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignInPage, SignInQuery } from '../../src/core/ports/sign-in-log.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { recordIdOf } from '../../src/core/sign-ins/record-id.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import type { SignInLog } from '../../src/sign-ins/sign-in-log.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { openTestLog, signIn } from './log.ts';

const ever = { from: 0 as EpochMillis, to: Number.MAX_SAFE_INTEGER as EpochMillis, limit: 100 };

async function find(log: SignInLog, query: Partial<SignInQuery> = {}): Promise<SignInPage> {
  const page = await log.query({ ...ever, ...query });
  assert.ok(!isRefusal(page));
  return page;
}

const numbers = ({ signIns }: SignInPage) => signIns.map(({ number }) => number);

describe('a sign-in that is recorded', () => {
  it('is in the log, whole, once that resolves', async () => {
    const { log } = openTestLog();
    const denied = signIn(1, {
      outcome: 'denied',
      process: { pid: 7, exePath: '/usr/bin/curl', processName: 'curl' },
      access: { mode: 'Enforce', decision: 'Deny', rule: 'defaultAccess Deny' },
      clientRequestId: 'a "quoted"\nid',
    });
    await log.record(denied);
    const { signIns } = await find(log);
    const [{ id, number, hash, ...rest } = { id: '', number: 0, hash: '' }] = signIns;
    assert.deepEqual(rest, denied);
    assert.equal(number, 1);
    assert.match(hash, /^[\w-]{43}$/);
    assert.equal(id, recordIdOf(hash));
  });

  it('is written with all that come while the batch before it is written', async () => {
    const appended: number[] = [];
    const store = openSqliteStore({ file: ':memory:' });
    const counting = {
      ...store,
      append: async (...words: Parameters<typeof store.append>) => {
        appended.push(...words[1].map(({ body }) => (body.records as unknown[]).length));
        await store.append(...words);
      },
    };
    const { log } = openTestLog({ store: counting });
    await Promise.all([log.record(signIn(1)), log.record(signIn(2)), log.record(signIn(3))]);
    await log.record(signIn(4));
    assert.deepEqual(appended, [3, 1]);
  });

  it('survives a failure of the power where a token was issued, and the end of the process where one was held', async () => {
    const survived: unknown[] = [];
    const store = openSqliteStore({ file: ':memory:' });
    const watched = {
      ...store,
      append: async (...words: Parameters<typeof store.append>) => {
        survived.push(words[2]);
        await store.append(...words);
      },
    };
    const { log } = openTestLog({ store: watched });
    await log.record(signIn(1, { outcome: 'handedOver' }));
    await log.record(signIn(2, { outcome: 'denied' }));
    await Promise.all([log.record(signIn(3)), log.record(signIn(4, { outcome: 'issued' }))]);
    assert.deepEqual(survived, ['process', 'process', 'machine']);
  });

  it('is refused when the disk fails, and the chain goes on without a gap when it works again', async () => {
    const store = openSqliteStore({ file: ':memory:' });
    const disk = { full: true };
    const failing = {
      ...store,
      append: async (...words: Parameters<typeof store.append>) => {
        if (disk.full) throw new Error('database or disk is full');
        await store.append(...words);
      },
    };
    const failures: unknown[] = [];
    const { log, verifier } = openTestLog({ store: failing, onFailure: (error) => failures.push(error) });
    await assert.rejects(log.record(signIn(1)), /full/);
    assert.equal(failures.length, 1);
    disk.full = false;
    await log.record(signIn(2));
    assert.deepEqual(numbers(await find(log)), [1]);
    assert.equal((await log.verify({ verifier })).breach, undefined);
  });

  it('is refused when too many wait, and those that wait are written', async () => {
    const { log } = openTestLog();
    const taken = Array.from({ length: 16_384 }, (_, n) => log.record(signIn(n)));
    await assert.rejects(log.record(signIn(99_999)), /no more are taken/);
    await Promise.all(taken);
    assert.equal((await find(log)).signIns[0]?.number, 16_384);
  });

  it('keeps its circumstances apart from those of others in its batch, also where objects are used again', async () => {
    const { log } = openTestLog();
    const alice = signIn(1);
    const bob = { ...signIn(2), user: { uid: 1001, userName: 'bob', groupNames: ['bob'] } };
    await Promise.all([alice, bob, { ...alice, id: 'third', uti: 'other' }].map((one) => log.record(one)));
    const { signIns } = await find(log);
    assert.deepEqual(
      signIns.map(({ user, uti }) => [user?.userName, uti]),
      [
        ['alice', 'other'],
        ['bob', 'uti-2'],
        ['alice', 'uti-1'],
      ],
    );
  });
});

describe('a query of the sign-in log', () => {
  it('finds by machine, user, identity, outcome, uti, id and time, and nothing beside', async () => {
    const { log } = openTestLog();
    const other = '/subscriptions/s/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/web-10';
    await log.record(signIn(1));
    await log.record(signIn(2, { machineResourceId: other, outcome: 'denied' }));
    await log.record(signIn(3, { user: { uid: 0, userName: 'root', groupNames: ['root'] } }));
    const { user: _, identity: __, ...nobody } = signIn(4);
    await log.record(nobody);
    const machineResourceId = signIn(1).machineResourceId.toUpperCase();
    assert.deepEqual(numbers(await find(log, { machineResourceId })), [4, 3, 1]);
    assert.deepEqual(numbers(await find(log, { userName: 'alice' })), [2, 1]);
    assert.deepEqual(numbers(await find(log, { userName: 'Alice' })), []);
    assert.deepEqual(numbers(await find(log, { principalId: 'P1' })), [3, 2, 1]);
    assert.deepEqual(numbers(await find(log, { outcome: 'denied' })), [2]);
    assert.deepEqual(numbers(await find(log, { uti: 'uti-3' })), [3]);
    const ids = (await find(log, {})).signIns.map(({ id }) => id);
    assert.equal(new Set(ids).size, 4);
    assert.deepEqual(numbers(await find(log, { id: ids[0] ?? '' })), [4]);
    assert.deepEqual(numbers(await find(log, { from: signIn(2).time, to: signIn(3).time })), [3, 2]);
  });

  it('is answered page by page, none twice and none left out, while more are recorded', async () => {
    const { log } = openTestLog();
    await Promise.all([1, 2, 3, 4, 5].map((n) => log.record(signIn(n))));
    await log.record(signIn(6));
    const seen: number[] = [];
    let page = await find(log, { limit: 2 });
    for (;;) {
      seen.push(...numbers(page));
      await log.record(signIn(50 + seen.length));
      if (page.skipToken === undefined) break;
      page = await find(log, { limit: 2, skipToken: page.skipToken });
    }
    assert.deepEqual(seen, [6, 5, 4, 3, 2, 1]);
  });

  it('refuses a skip token that is none', async () => {
    const { log } = openTestLog();
    const page = await log.query({ ...ever, skipToken: 'eA' });
    assert.ok(isRefusal(page) && page.refused === 'InvalidParameter');
  });

  it('reads on from any record, oldest first', async () => {
    const { log } = openTestLog();
    await Promise.all([1, 2, 3].map((n) => log.record(signIn(n))));
    await log.record(signIn(4));
    assert.deepEqual(
      (await log.readAfter(0)).map(({ number }) => number),
      [1, 2, 3, 4],
    );
    assert.deepEqual(
      (await log.readAfter(1)).map(({ number }) => number),
      [2, 3, 4],
    );
    assert.deepEqual(
      (await log.readAfter(3)).map(({ number }) => number),
      [4],
    );
    assert.deepEqual(await log.readAfter(4), []);
  });
});

describe('retention of the sign-in log', () => {
  const day = 86_400_000;

  it('forgets what is older than 90 days, and the rest still verifies', async () => {
    const { log, clock, store, verifier } = openTestLog();
    await Promise.all([log.record(signIn(1)), log.record(signIn(2))]);
    clock.millis += day;
    await log.record(signIn(3, { time: clock.now() }));
    clock.millis += 89.5 * day;
    assert.equal(await log.retain(), 2);
    assert.deepEqual(numbers(await find(log)), [3]);
    const { breach, records } = await log.verify({ verifier });
    assert.deepEqual([breach, records], [undefined, 1]);
    await store.forgetThrough('sign-ins/checkpoints', '000000000000001');
    assert.match((await log.verify({ verifier })).breach?.message ?? '', /Records 1 to 2 are missing/);
  });

  it('keeps the numbers going where all records are forgotten', async () => {
    const { log, clock, store, signer, verifier } = openTestLog();
    await log.record(signIn(1));
    clock.millis += 91 * day;
    assert.equal(await log.retain(), 1);
    const again = openTestLog({ store, signer });
    await again.log.record(signIn(2, { time: clock.now() }));
    assert.deepEqual(
      (await find(again.log)).signIns.map(({ number }) => number),
      [2],
    );
    assert.equal((await again.log.verify({ verifier })).breach, undefined);
  });
});
