import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDuration } from '../../../src/core/schedules/duration.ts';
import { overlaps, parseWindow } from '../../../src/core/schedules/window.ts';
import type { EpochMillis } from '../../../src/core/time.ts';

const now = Date.UTC(2026, 10, 24, 9) as EpochMillis;
const hour = 3_600_000;

describe('an ISO 8601 duration', () => {
  const taken: readonly (readonly [string, number])[] = [
    ['PT8H', 8 * hour],
    ['PT90M', 1.5 * hour],
    ['P1D', 24 * hour],
    ['P1DT12H', 36 * hour],
    ['P1W', 7 * 24 * hour],
    ['P1M', 30 * 24 * hour],
    ['P1Y', 365 * 24 * hour],
    ['PT1.5S', 1000],
  ];
  for (const [text, millis] of taken) it(`is ${text}`, () => assert.equal(parseDuration(text), millis));
  for (const text of [
    '',
    'P',
    'PT',
    'P1',
    '1H',
    'PT1',
    'P1H',
    'PT-1H',
    '-PT1H',
    'PT1H ',
    'pt1h',
    'PT0S',
    `PT${'9'.repeat(99)}H`,
  ]) {
    it(`is not '${text.slice(0, 20)}'`, () => assert.equal(parseDuration(text), undefined));
  }
  it('is never read as something that is not long', () => {
    fc.assert(fc.property(fc.string(), (text) => (parseDuration(text) ?? 1) > 0));
  });
});

describe('scheduleInfo', () => {
  it('starts now where no start is given, or an earlier one', () => {
    assert.deepEqual(parseWindow(undefined, now), { startsAt: now });
    assert.deepEqual(parseWindow({ startDateTime: '2026-11-24T08:00:00Z' }, now), { startsAt: now });
  });

  it('counts a duration from the start, in any zone', () => {
    const info = {
      startDateTime: '2026-11-24T12:00:00+02:00',
      expiration: { type: 'AfterDuration', duration: 'PT1H' },
    };
    assert.deepEqual(parseWindow(info, now), { startsAt: now + hour, endsAt: now + 2 * hour });
  });

  it('is a window or a refusal, whatever is sent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const window = parseWindow(value as never, now);
        assert.ok('refused' in window || window.endsAt === undefined || window.endsAt > window.startsAt);
      }),
    );
  });
});

describe('two windows', () => {
  const at = (from: number, to?: number) => ({
    startsAt: from as EpochMillis,
    ...(to === undefined ? {} : { endsAt: to as EpochMillis }),
  });
  it('overlap where they have a moment in common, and not where one ends as the other starts', () => {
    assert.ok(overlaps(at(0, 2), at(1, 3)));
    assert.ok(overlaps(at(0), at(5, 6)));
    assert.ok(!overlaps(at(0, 2), at(2, 3)));
    assert.ok(!overlaps(at(2), at(0, 2)));
  });
});
