import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  azureRealism,
  changeRealism,
  formatRealism,
  parseRealism,
  unrealistic,
} from '../../../src/core/realism/realism.ts';
import { TokenBucket } from '../../../src/core/realism/token-bucket.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../src/core/time.ts';

const at = (millis: number) => millis as EpochMillis;
const now = at(1_000_000);

describe('the settings of realism', () => {
  it('are changed one by one, over a preset when one is named', () => {
    assert.deepEqual(changeRealism(unrealistic, { preset: 'azure' }, now), azureRealism);
    assert.deepEqual(changeRealism(azureRealism, { preset: 'off', rateLimits: true }, now), {
      ...unrealistic,
      rateLimits: true,
    });
    assert.deepEqual(changeRealism(unrealistic, { assignmentDelaySeconds: 5 }, now), {
      ...unrealistic,
      assignmentDelaySeconds: 5,
    });
    assert.deepEqual(changeRealism(unrealistic, {}, now), unrealistic);
  });

  it('let IMDS be updated for a time that ends', () => {
    const updated = changeRealism(unrealistic, { updatingSeconds: 70 }, now);
    assert.ok(!isRefusal(updated));
    assert.deepEqual(updated.updating, { status: 410, until: 1_070_000 });
    const later = changeRealism(updated, { rateLimits: true }, at(1_069_999));
    assert.ok(!isRefusal(later));
    assert.deepEqual(later.updating, updated.updating);
    const ended = changeRealism(updated, {}, at(1_070_000));
    assert.deepEqual(ended, unrealistic);
    assert.deepEqual(changeRealism(updated, { updatingSeconds: 0 }, now), unrealistic);
  });

  it('change what IMDS answers while it is updated, and only then', () => {
    const updated = changeRealism(unrealistic, { updatingSeconds: 70 }, now);
    assert.ok(!isRefusal(updated));
    const changed = changeRealism(updated, { updatingStatus: 404 }, at(1_069_999));
    assert.ok(!isRefusal(changed));
    assert.deepEqual(changed.updating, { status: 404, until: 1_070_000 });
    for (const [settings, millis] of [[updated, 1_070_000] as const, [unrealistic, 1_000_000] as const]) {
      const refused = changeRealism(settings, { updatingStatus: 404 }, at(millis));
      assert.ok(isRefusal(refused));
      assert.match(refused.message, /needs 'updatingSeconds'/);
    }
  });

  it('refuse what they cannot be, by its name', () => {
    const wrong = [
      [{ preset: 'aws' }, /preset 'aws'/],
      [{ preset: 'toString' }, /preset 'toString'/],
      [{ rateLimits: 'yes' }, /'rateLimits'/],
      [{ tokensOutliveAccess: 1 }, /'tokensOutliveAccess'/],
      [{ assignmentDelaySeconds: -1 }, /'assignmentDelaySeconds'/],
      [{ assignmentDelaySeconds: 1.5 }, /'assignmentDelaySeconds'/],
      [{ updatingSeconds: 86_401 }, /'updatingSeconds'/],
      [{ updatingSeconds: 1, updatingStatus: 503 }, /'updatingStatus'/],
      [{ speed: 1 }, /'speed'/],
    ] as const;
    for (const [change, message] of wrong) {
      const refused = changeRealism(unrealistic, change, now);
      assert.ok(isRefusal(refused));
      assert.match(refused.message, message);
    }
  });

  it('are kept, but for an update of IMDS, and read leniently', () => {
    const updated = changeRealism(azureRealism, { updatingSeconds: 70 }, now);
    assert.ok(!isRefusal(updated));
    assert.deepEqual(parseRealism(formatRealism(updated)), azureRealism);
    for (const stored of [undefined, null, 'x', { rateLimits: 1, assignmentDelaySeconds: 'x' }]) {
      assert.deepEqual(parseRealism(stored), unrealistic);
    }
  });
});

describe('a token bucket', () => {
  it('lets as many through at once as a second allows, and then so many a second', () => {
    const bucket = new TokenBucket(5, now);
    const taken = (millis: number, asked: number) =>
      Array.from({ length: asked }, () => bucket.take(at(now + millis))).filter(Boolean).length;
    assert.deepEqual([taken(0, 8), taken(200, 3), taken(200, 3), taken(10_000, 9)], [5, 1, 0, 5]);
  });

  it('never lets more through than its rate and one burst, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 200 }), (steps) => {
        const bucket = new TokenBucket(5, now);
        let [millis, forward, taken] = [0, 0, 0];
        for (const step of steps) {
          millis += step;
          forward += Math.max(0, step);
          if (bucket.take(at(now + millis))) taken += 1;
        }
        return taken <= 5 + (forward / 1000) * 5 + 1e-6;
      }),
    );
  });
});
