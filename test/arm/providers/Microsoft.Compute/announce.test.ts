import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type ProviderContext, suspended } from '../../../../src/arm/provider-contract.ts';
import { announced } from '../../../../src/arm/providers/Microsoft.Compute/announce.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { RunningMachine } from '../../../../src/core/ports/machine-host.ts';
import type { Announcement, Impact, ScheduledEventType } from '../../../../src/core/ports/scheduled-events.ts';
import { documentKey, type Store } from '../../../../src/core/ports/store.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';
import { machineId } from './cloud.ts';

const resourceId = machineId('web-1');
const machine = { resourceId, vmId: 'v1' };

let store: Store;
let runs: boolean;
let outcome: Announcement['outcome'];
let happened: unknown[];
beforeEach(() => {
  store = openSqliteStore({ file: ':memory:' });
  [runs, outcome, happened] = [true, 'mayBegin', []];
});
afterEach(() => store.close());

const context = () =>
  ({
    store,
    machineHost: { running: () => (runs ? ({} as RunningMachine) : undefined) },
    scheduledEvents: {
      announce: async (impact: Impact) => {
        happened.push(impact);
        return { outcome, end: async () => void happened.push('end') };
      },
    },
  }) as unknown as ProviderContext;

async function keep(properties: JsonObject = {}): Promise<void> {
  const body = { id: resourceId, name: 'web-1', properties: { vmId: 'v1', ...properties } };
  await store.transact([{ put: documentKey(resourceId), body }]);
}

const act = async () => {
  happened.push('act');
  return 'done';
};
const doAs = (eventType: ScheduledEventType) => announced(context(), machine, eventType, act);
const impact = (eventType: ScheduledEventType) => ({ vmId: 'v1', eventType, resourceName: 'web-1' });

describe('what ends the processes of a machine', () => {
  it('is announced, done, and over', async () => {
    await keep();
    assert.equal(await doAs('Reboot'), 'done');
    assert.deepEqual(happened, [{ ...impact('Reboot'), approved: false }, 'act', 'end']);
  });

  it('is over also when it fails', async () => {
    await keep();
    const broken = announced(context(), machine, 'Redeploy', () => Promise.reject(new Error('broken')));
    await assert.rejects(broken, /broken/);
    assert.deepEqual(happened, [{ ...impact('Redeploy'), approved: false }, 'end']);
  });

  it('is left for the next start when the host stops first', async () => {
    await keep();
    outcome = 'hostStops';
    assert.equal(await doAs('Reboot'), suspended);
    assert.deepEqual(happened, [{ ...impact('Reboot'), approved: false }]);
  });

  it('is just done to a machine that is another, or is gone', async () => {
    await doAs('Reboot');
    await keep({ vmId: 'v2' });
    await doAs('Reboot');
    assert.deepEqual(happened, ['act', 'act']);
  });

  it('does not wait for a machine that does not run, and ends what was announced to it', async () => {
    await keep();
    runs = false;
    await doAs('Reboot');
    assert.deepEqual(happened, [{ ...impact('Reboot'), approved: true }, 'act', 'end']);
  });
});

describe('the policy of a machine', () => {
  it('approves restarts and redeployments beforehand, each for itself', async () => {
    await keep({ scheduledEventsPolicy: { userInitiatedReboot: { automaticallyApprove: true } } });
    await doAs('Reboot');
    await doAs('Redeploy');
    assert.deepEqual(
      happened.filter((one) => typeof one === 'object').map((one) => (one as Impact).approved),
      [true, false],
    );
  });

  const notices: readonly (readonly [JsonObject, number])[] = [
    [{ enable: true }, 5],
    [{ enable: true, notBeforeTimeout: 'PT7M' }, 7],
    [{ enable: true, notBeforeTimeout: 'PT15M' }, 15],
    [{ enable: true, notBeforeTimeout: 'PT90M' }, 15],
    [{ enable: true, notBeforeTimeout: 'PT1M' }, 5],
    [{ enable: true, notBeforeTimeout: 'soon' }, 5],
  ];
  for (const [terminateNotificationProfile, minutes] of notices) {
    it(`announces a deletion ${minutes} minutes before: ${JSON.stringify(terminateNotificationProfile)}`, async () => {
      await keep({ scheduledEventsProfile: { terminateNotificationProfile } });
      await doAs('Terminate');
      assert.deepEqual(happened[0], { ...impact('Terminate'), approved: false, noticeMillis: minutes * 60_000 });
    });
  }

  it('announces no deletion where that is not asked for', async () => {
    await keep({ scheduledEventsProfile: { terminateNotificationProfile: { enable: false } } });
    await doAs('Terminate');
    assert.deepEqual(happened, ['act']);
  });
});
