import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { azureRealism, type Realism, unrealistic } from '../../src/core/realism/realism.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { openGate } from '../../src/imds/gate.ts';

const tokenUrl = '/metadata/identity/oauth2/token?api-version=2018-02-01';
const instanceUrl = '/metadata/instance?api-version=2021-02-01';

/** A gate over settings and a clock that the test moves. */
function opened(settings: Realism) {
  const state = { settings, millis: 1_000_000 };
  const clock = { now: () => state.millis as EpochMillis };
  return { state, gate: openGate({ clock, realism: { current: () => state.settings } }) };
}

describe('the gate of the metadata service', () => {
  it('counts nothing when nothing is limited', () => {
    const { gate } = opened(unrealistic);
    for (let asked = 0; asked < 1000; asked += 1) assert.equal(gate('vm', tokenUrl), undefined);
  });

  it('takes five token requests of a machine at once, and another when one is answered', () => {
    const { gate } = opened(azureRealism);
    const answered = Array.from({ length: 5 }, () => gate('vm', tokenUrl));
    const sixth = gate('vm', tokenUrl);
    assert.ok(isRefusal(sixth) && sixth.refused === 'imdsThrottled');
    assert.equal(sixth.message, 'Temporarily throttled, too many requests');
    assert.equal(typeof gate('vm2', tokenUrl), 'function', 'another machine has its own');
    assert.equal(typeof gate('vm', instanceUrl), 'function', 'the rest is counted by itself');
    (answered[0] as () => void)();
    assert.equal(typeof gate('vm', tokenUrl), 'function');
  });

  it('takes twenty token requests and five others a second', () => {
    const { gate, state } = opened(azureRealism);
    const passed = (asked: number, url: string) =>
      Array.from({ length: asked }, () => {
        const entered = gate('vm', url);
        if (typeof entered === 'function') entered();
        return typeof entered === 'function';
      }).filter(Boolean).length;
    assert.deepEqual([passed(30, tokenUrl), passed(30, instanceUrl)], [20, 5]);
    state.millis += 500;
    // Half a second later half of each is there again.
    assert.deepEqual([passed(30, tokenUrl), passed(30, instanceUrl)], [10, 2]);
  });

  it('answers as it is told to while it is being updated, and as ever from the end on', () => {
    const { gate, state } = opened(unrealistic);
    for (const [status, refused] of [
      [404, 'imdsNotFound'],
      [410, 'imdsUpdating'],
      [500, 'imdsUnknown'],
    ] as const) {
      state.settings = { ...unrealistic, updating: { status, until: (state.millis + 70_000) as EpochMillis } };
      const entered = gate('vm', tokenUrl);
      assert.ok(isRefusal(entered) && entered.refused === refused, String(status));
    }
    state.millis += 69_999;
    assert.ok(isRefusal(gate('vm', instanceUrl)));
    state.millis += 1;
    assert.equal(gate('vm', instanceUrl), undefined);
  });
});
