import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { EpochMillis } from '../../../src/core/time.ts';
import {
  dueTasks,
  outliveMillis,
  publishAheadMillis,
  removalOf,
  type ScheduledKey,
  signingKeyAt,
  stateOf,
} from '../../../src/core/token/key-schedule.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-01');
const at = (days: number) => (start + days * day) as EpochMillis;
const key = (kid: string, signsFrom: number, createdAt = signsFrom - 1): ScheduledKey => ({
  kid,
  createdAt: at(createdAt),
  signsFrom: at(signsFrom),
});

describe('which key signs', () => {
  const keys = [key('b', 10), key('a', 0, 0)];

  it('is the latest whose time has come, to the millisecond', () => {
    assert.equal(signingKeyAt(keys, at(9))?.kid, 'a');
    assert.equal(signingKeyAt(keys, (at(10) - 1) as EpochMillis)?.kid, 'a');
    assert.equal(signingKeyAt(keys, at(10))?.kid, 'b');
  });

  it('is the earliest while no time has come, and none without keys', () => {
    assert.equal(signingKeyAt(keys, at(-5))?.kid, 'a');
    assert.equal(signingKeyAt([], at(0)), undefined);
  });

  it('has the others wait or verify', () => {
    const states = (now: number) => keys.map((one) => stateOf(one, keys, at(now)));
    assert.deepEqual(states(9.5), ['next', 'signing']);
    assert.deepEqual(states(10), ['signing', 'previous']);
  });
});

describe('what is due', () => {
  it('is the first key where there is none', () => {
    assert.deepEqual(dueTasks([], at(3), 90 * day), { remove: [], make: at(3) });
  });

  it('is the next key a day before the present one is old, so that it is published before it signs', () => {
    const keys = [key('a', 0, 0)];
    assert.deepEqual(dueTasks(keys, (at(89) - 1) as EpochMillis, 90 * day), { remove: [] });
    assert.deepEqual(dueTasks(keys, at(89), 90 * day), { remove: [], make: at(90) });
    assert.deepEqual(dueTasks([...keys, key('b', 90)], at(89), 90 * day), { remove: [] });
  });

  it('is the next key with its whole lead where nobody looked in time', () => {
    assert.deepEqual(dueTasks([key('a', 0, 0)], at(200), 90 * day), { remove: [], make: at(201) });
  });

  it('is the end of a key after the last token that it signed', () => {
    const keys = [key('a', 0, 0), key('b', 90)];
    const end = (at(90) + outliveMillis) as EpochMillis;
    assert.equal(removalOf(keys[0] as ScheduledKey, keys), end);
    assert.equal(removalOf(keys[1] as ScheduledKey, keys), undefined);
    assert.deepEqual(dueTasks(keys, (end - 1) as EpochMillis, 90 * day).remove, []);
    assert.deepEqual(dueTasks(keys, end, 90 * day).remove, ['a']);
  });
});

describe('a host that looks at its keys from time to time', () => {
  it('always has a key, signs with none that was published for less than a day, and lets no token outlive its key', () => {
    const looks = fc.array(fc.integer({ min: 1, max: 40 * 24 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(looks, fc.integer({ min: 2, max: 90 }), (hours, maxAgeDays) => {
        let now = start;
        let keys: readonly ScheduledKey[] = [
          { kid: 'k0', createdAt: now as EpochMillis, signsFrom: now as EpochMillis },
        ];
        const signed: { readonly kid: string; readonly until: number }[] = [];
        for (const [index, step] of hours.entries()) {
          now += step * 3_600_000;
          const due = dueTasks(keys, now as EpochMillis, maxAgeDays * day);
          keys = keys.filter(({ kid }) => !due.remove.includes(kid));
          if (due.make !== undefined) {
            keys = [...keys, { kid: `k${index + 1}`, createdAt: now as EpochMillis, signsFrom: due.make }];
          }
          const signing = signingKeyAt(keys, now as EpochMillis);
          assert.ok(signing !== undefined);
          assert.ok(signing.kid === 'k0' || now - signing.createdAt >= publishAheadMillis);
          for (const { kid, until } of signed) {
            if (until > now)
              assert.ok(
                keys.some((one) => one.kid === kid),
                `${kid} went before its tokens`,
              );
          }
          signed.push({ kid: signing.kid, until: now + 86_400_000 });
        }
      }),
    );
  });
});
