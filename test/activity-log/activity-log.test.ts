import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openActivityLog } from '../../src/activity-log/activity-log.ts';
import type { ActivityEvent } from '../../src/core/activity/event.ts';
import { formatActivityEvent } from '../../src/core/activity/format-event.ts';
import type { ActivityLog, ActivityPage, ActivityQuery } from '../../src/core/ports/activity-log.ts';
import { documentKey, type Store } from '../../src/core/ports/store.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { factsOf, noon, subscriptionId, webOne } from '../core/activity/facts.ts';

const day = 86_400_000;
const everything = { subscriptionId, from: 0 as EpochMillis, to: (noon + 1000 * day) as EpochMillis, limit: 100 };

describe('the activity log', () => {
  let place = '';
  let now = noon;
  let store: Store;
  let log: ReturnType<typeof openActivityLog>;
  let reopen: () => void = () => {};
  let made = 0;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'postern-activity-'));
    now = noon;
    made = 0;
    reopen = () => {
      store = openSqliteStore({ file: join(place, 'store.db') });
      log = openActivityLog({ store, clock: { now: () => now } });
    };
    reopen();
  });
  afterEach(async () => {
    await store.close();
    rmSync(place, { recursive: true });
  });

  /** An event whose id tells the order of making. */
  const event = (
    changes: Parameters<typeof factsOf>[0] = {},
    stage: Parameters<typeof formatActivityEvent>[1] = { status: 'Started' },
  ): ActivityEvent => {
    made += 1;
    return formatActivityEvent(factsOf({ eventDataId: `e${made}`, ...changes }), stage);
  };

  it('is followed as it grows, of whichever subscription, in the order of recording', async () => {
    let grown = 0;
    const stop = log.watch(() => {
      grown += 1;
    });
    await log.record([event({ subscriptionId: 'other' }), event()]);
    await log.record([event({ time: (noon - day) as EpochMillis })]);
    const [first, second, third, ...more] = await log.readAfter(0);
    assert.deepEqual([first, second, third].map((entry) => entry?.event.eventDataId).toSorted(), ['e1', 'e2', 'e3']);
    assert.equal(third?.event.eventDataId, 'e3');
    assert.deepEqual(more, []);
    assert.deepEqual(await log.readAfter(second?.number ?? 0), [third]);
    assert.deepEqual(await log.readAfter(third?.number ?? 0), []);
    assert.equal((await log.head()).number, third?.number);
    stop();
    const told = grown;
    assert.ok(told >= 2, `${told}`);
    await log.record([event()]);
    assert.equal(grown, told);
  });

  it('is followed also where its events are written together with documents', async () => {
    const grown = Promise.withResolvers<void>();
    const stop = log.watch(grown.resolve);
    const put = { put: documentKey('/grant'), body: {} };
    await store.transact([put, ...(await log.planRecord([event()]))]);
    await grown.promise;
    assert.equal((await log.readAfter(0)).length, 1);
    stop();
  });

  it('answers what was recorded, newest first, the end of a request before its beginning in one millisecond', async () => {
    const begin = event();
    const end = event({}, { status: 'Succeeded', httpStatus: 200 });
    await log.record([event({ time: (noon - 1) as EpochMillis })]);
    await log.record([begin]);
    await log.record([end]);
    const { events, skipToken } = await page(log, everything);
    assert.deepEqual(ids(events), ['e2', 'e1', 'e3']);
    assert.deepEqual(events[1], begin);
    assert.equal(skipToken, undefined);
  });

  it('finds by each condition, in any letter case, and not what lies beside', async () => {
    const beside = webOne.replace('/rg1/', '/rg10/').replace('web-1', 'web-10');
    await log.record([
      event({}, { status: 'Failed', httpStatus: 403 }),
      event({ resourceId: beside, correlationId: 'other', caller: { ...factsOf().caller, objectId: 'other' } }),
      event({ resourceId: `/subscriptions/${subscriptionId}/resourceGroups/rg10` }),
    ]);
    const found = async (query: Partial<ActivityQuery>) => ids((await page(log, { ...everything, ...query })).events);
    assert.deepEqual(await found({ resourceGroupName: 'RG1' }), ['e1']);
    assert.deepEqual(await found({ resourceId: `${webOne.toUpperCase()}/` }), ['e1']);
    assert.deepEqual(await found({ resourceProvider: 'microsoft.compute' }), ['e2', 'e1']);
    assert.deepEqual(await found({ correlationId: 'OTHER' }), ['e2']);
    assert.deepEqual(await found({ caller: 'OTHER' }), ['e2']);
    assert.deepEqual(await found({ status: 'failed' }), ['e1']);
    assert.deepEqual(await found({ levels: ['critical', 'error'] }), ['e1']);
    assert.deepEqual(await found({ resourceGroupName: 'rg1', status: 'Started' }), []);
    assert.deepEqual(await found({ from: (noon + 1) as EpochMillis }), []);
  });

  it('keeps subscriptions and the tenant apart', async () => {
    const { subscriptionId: _, ...atTenant } = factsOf({ eventDataId: 't' });
    await log.record([
      event(),
      formatActivityEvent(atTenant, { status: 'Started' }),
      event({ subscriptionId: 'OTHER' }),
    ]);
    const { subscriptionId: __, ...ofTenant } = everything;
    assert.deepEqual(ids((await page(log, everything)).events), ['e1']);
    assert.deepEqual(ids((await page(log, { ...everything, subscriptionId: 'other' })).events), ['e2']);
    assert.deepEqual(ids((await page(log, ofTenant)).events), ['t']);
  });

  it('goes on where a page ended, also while more is recorded', async () => {
    await log.record([1, 2, 3, 4, 5].map(() => event()));
    const first = await page(log, { ...everything, limit: 2 });
    assert.ok(first.skipToken);
    await log.record([event()]);
    const second = await page(log, { ...everything, limit: 2, skipToken: first.skipToken });
    assert.ok(second.skipToken);
    const third = await page(log, { ...everything, limit: 2, skipToken: second.skipToken });
    assert.deepEqual(
      [first, second, third].map(({ events }) => ids(events)),
      [['e5', 'e4'], ['e3', 'e2'], ['e1']],
    );
    assert.equal(third.skipToken, undefined);
  });

  it('has no next page when the last one is just full', async () => {
    await log.record([event(), event()]);
    assert.equal((await page(log, { ...everything, limit: 2 })).skipToken, undefined);
  });

  it('looks through a long log in pages that may be empty', async () => {
    await log.record([event({ correlationId: 'rare' })]);
    await log.record(Array.from({ length: 5_400 }, () => event()));
    const rare = { ...everything, correlationId: 'rare' };
    const first = await page(log, rare);
    assert.deepEqual(first.events, []);
    assert.ok(first.skipToken);
    assert.deepEqual(ids((await page(log, { ...rare, skipToken: first.skipToken })).events), ['e1']);
  });

  it('refuses a skip token that it did not give', async () => {
    for (const skipToken of ['', 'x', 'MS4x=', 'MS4', '../..', Buffer.from('1.2; ').toString('base64url')]) {
      const result = await log.query({ ...everything, skipToken });
      assert.ok(isRefusal(result), skipToken);
      assert.equal(result.refused, 'InvalidParameter');
    }
  });

  it('says whose events it has: subscriptions, and the tenant', async () => {
    const { subscriptionId: _, ...ofTenant } = event();
    await log.record([event(), ofTenant]);
    assert.deepEqual(new Set(await log.subscriptionIds()), new Set([subscriptionId, undefined]));
  });

  it('forgets after 90 days, everywhere, also after it was opened again', async () => {
    const { subscriptionId: _, ...atTenant } = factsOf({ eventDataId: 't' });
    await log.record([
      event(),
      event({ subscriptionId: 'other' }),
      formatActivityEvent(atTenant, { status: 'Started' }),
    ]);
    await log.record([event({ time: (noon + 1) as EpochMillis })]);
    await store.close();
    reopen();
    now = (noon + 90 * day) as EpochMillis;
    assert.equal(await log.retain(), 0);
    now = (now + 1) as EpochMillis;
    assert.equal(await log.retain(), 3);
    assert.deepEqual(ids((await page(log, everything)).events), ['e3']);
  });
});

async function page(log: ActivityLog, query: ActivityQuery): Promise<ActivityPage> {
  const result = await log.query(query);
  assert.ok(!isRefusal(result));
  return result;
}

function ids(events: readonly ActivityEvent[]): readonly string[] {
  return events.map(({ eventDataId }) => eventDataId);
}
