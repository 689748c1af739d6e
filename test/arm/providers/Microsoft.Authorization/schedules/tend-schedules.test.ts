import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  longestWaitMillis,
  tendSchedules,
} from '../../../../../src/arm/providers/Microsoft.Authorization/schedules/tend-schedules.ts';
import { type Document, documentKey, type Store } from '../../../../../src/core/ports/store.ts';
import type { EpochMillis } from '../../../../../src/core/time.ts';

const now = 1_000_000 as EpochMillis;

/** Waits for the first of many schedules, without doing anything at its time; answers for how long. */
async function waitOf(starts: readonly number[]): Promise<number | undefined> {
  const documents = starts.map((startsAt, at) => ({
    key: documentKey(`/subscriptions/s/providers/microsoft.authorization/roleassignmentschedules/${at}`),
    body: { schedule: { phase: 'pending', startsAt } },
  }));
  const store = {
    watch: () => () => undefined,
    list: async (root: string, { type }: { type: string }) =>
      root === '/subscriptions' && /assignment/.test(type) ? (documents as unknown as Document[]) : [],
  } as unknown as Store;
  let waited: number | undefined;
  const timer = (_: () => void, millis: number) => {
    waited = millis;
    return () => undefined;
  };
  const context = { store, clock: { now: () => now } } as Parameters<typeof tendSchedules>[0]['context'];
  const tended = await tendSchedules({ context, timer, report: () => assert.fail() });
  tended.close();
  return waited;
}

describe('who tends schedules', () => {
  it('waits for the first of them, and no longer than it trusts the clock', async () => {
    assert.equal(await waitOf([now + 900, now + 300, now + 500]), 300);
    assert.equal(await waitOf([now + 9_000_000]), longestWaitMillis);
    assert.equal(await waitOf([now - 5]), 0);
  });

  it('waits for nothing where there is none', async () => assert.equal(await waitOf([]), undefined));

  it('tends any number', async () => {
    const many = Array.from({ length: 200_000 }, (_, at) => now + 700 + at);
    assert.equal(await waitOf(many), 700);
  });
});
