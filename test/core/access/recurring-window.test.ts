import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOpen, parseRecurringWindow } from '../../../src/core/access/recurring-window.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../src/core/time.ts';

function isOpenAt(text: string, moment: string): boolean {
  const window = parseRecurringWindow(text, 'w');
  assert.ok(!isRefusal(window), isRefusal(window) ? window.message : '');
  return isOpen(window, Date.parse(moment) as EpochMillis);
}

/** The minutes of a day in UTC during which a window is open. */
function openMinutes(text: string, day: string): number {
  const start = Date.parse(`${day}T00:00:00Z`);
  return Array.from({ length: 1440 }, (_, minute) => new Date(start + minute * 60_000).toISOString()).filter((moment) =>
    isOpenAt(text, moment),
  ).length;
}

describe('a recurring window', () => {
  it('holds its first minute and not its last, by the clocks of its time zone', () => {
    const text = 'weekdays 08:00-18:00 Europe/Brussels';
    assert.equal(isOpenAt(text, '2026-11-24T06:59:59Z'), false);
    assert.equal(isOpenAt(text, '2026-11-24T07:00:00Z'), true);
    assert.equal(isOpenAt(text, '2026-11-24T16:59:59Z'), true);
    assert.equal(isOpenAt(text, '2026-11-24T17:00:00Z'), false);
  });

  it('is open on its days alone, by the date of its time zone', () => {
    assert.equal(isOpenAt('weekdays 00:00-24:00 Europe/Brussels', '2026-11-22T22:59:00Z'), false);
    assert.equal(isOpenAt('weekdays 00:00-24:00 Europe/Brussels', '2026-11-22T23:00:00Z'), true);
    assert.equal(isOpenAt('weekends 00:00-24:00 America/Los_Angeles', '2026-11-23T07:59:00Z'), true);
    assert.equal(isOpenAt('weekends 00:00-24:00 America/Los_Angeles', '2026-11-23T08:00:00Z'), false);
  });

  it('takes days by names and ranges, around the end of the week too', () => {
    const saturday = '2026-11-28T12:00:00Z';
    const wednesday = '2026-11-25T12:00:00Z';
    for (const days of ['sat', 'Saturday', 'fri-mon', 'mon,sat', 'weekends', 'daily']) {
      assert.equal(isOpenAt(`${days} 08:00-18:00 UTC`, saturday), true, days);
    }
    for (const days of ['fri-tue', 'mon-tue,thu', 'weekends']) {
      assert.equal(isOpenAt(`${days} 08:00-18:00 UTC`, wednesday), false, days);
    }
  });

  it('lasts into the next day where it ends before it begins', () => {
    const text = 'fri 22:00-06:00 UTC';
    assert.equal(isOpenAt(text, '2026-11-27T21:59:00Z'), false);
    assert.equal(isOpenAt(text, '2026-11-27T22:00:00Z'), true);
    assert.equal(isOpenAt(text, '2026-11-28T05:59:00Z'), true);
    assert.equal(isOpenAt(text, '2026-11-28T06:00:00Z'), false);
    assert.equal(isOpenAt(text, '2026-11-27T05:00:00Z'), false);
  });

  it('is refused when malformed', () => {
    for (const text of [
      '',
      'weekdays',
      'weekdays 8:00-18:00 UTC',
      'weekdays 08:00-18:00',
      'someday 08:00-18:00 UTC',
      'mon- 08:00-18:00 UTC',
      'mon-tue-wed 08:00-18:00 UTC',
      'mon, 08:00-18:00 UTC',
      'daily 08:60-18:00 UTC',
      'daily 24:00-18:00 UTC',
      'daily 08:00-24:01 UTC',
      'daily 08:00-08:00 UTC',
      'daily  08:00-18:00 UTC',
      'daily 08:00-18:00 UTC ',
    ]) {
      const parsed = parseRecurringWindow(text, 'w');
      assert.ok(isRefusal(parsed), text);
      assert.ok(parsed.message.includes(`'${text}'`));
    }
  });

  it('is refused for an unknown time zone', () => {
    for (const zone of ['Europe/Bruxelles', '+02:00', 'Mars/Olympus', 'constructor']) {
      assert.ok(isRefusal(parseRecurringWindow(`daily 08:00-18:00 ${zone}`, 'w')), zone);
    }
  });
});

describe('when clocks are set forward (Brussels, 2026-03-29, 02:00 becomes 03:00)', () => {
  const day = '2026-03-29';

  it('a window keeps its hours on the wall: it begins an hour earlier by UTC', () => {
    const text = 'daily 08:00-18:00 Europe/Brussels';
    assert.equal(isOpenAt(text, '2026-03-28T06:59:59Z'), false);
    assert.equal(isOpenAt(text, '2026-03-28T07:00:00Z'), true);
    assert.equal(isOpenAt(text, `${day}T05:59:59Z`), false);
    assert.equal(isOpenAt(text, `${day}T06:00:00Z`), true);
    assert.equal(isOpenAt(text, `${day}T16:00:00Z`), false);
  });

  it('a window within the hour that is left out does not open', () => {
    assert.equal(openMinutes('daily 02:00-03:00 Europe/Brussels', day), 0);
    assert.equal(openMinutes('daily 02:00-03:00 Europe/Brussels', '2026-03-28'), 60);
  });

  it('a window across it is an hour shorter', () => {
    assert.equal(openMinutes('sun 01:30-03:30 Europe/Brussels', day), 60);
  });
});

describe('when clocks are set back (Brussels, 2026-10-25, 03:00 becomes 02:00)', () => {
  const day = '2026-10-25';

  it('a window keeps its hours on the wall: it begins an hour later by UTC', () => {
    const text = 'daily 08:00-18:00 Europe/Brussels';
    assert.equal(isOpenAt(text, '2026-10-24T06:00:00Z'), true);
    assert.equal(isOpenAt(text, `${day}T06:59:59Z`), false);
    assert.equal(isOpenAt(text, `${day}T07:00:00Z`), true);
    assert.equal(isOpenAt(text, `${day}T16:59:59Z`), true);
    assert.equal(isOpenAt(text, `${day}T17:00:00Z`), false);
  });

  it('a window within the hour that comes twice is open both times', () => {
    assert.equal(openMinutes('daily 02:00-03:00 Europe/Brussels', day), 120);
    assert.equal(isOpenAt('daily 02:00-03:00 Europe/Brussels', `${day}T00:30:00Z`), true);
    assert.equal(isOpenAt('daily 02:00-03:00 Europe/Brussels', `${day}T01:30:00Z`), true);
  });
});

describe('where clocks change otherwise', () => {
  it('a window over midnight loses the hour that is left out at midnight (Cairo, 2026-04-24, 00:00 becomes 01:00)', () => {
    const text = 'thu 23:00-01:30 Africa/Cairo';
    assert.equal(isOpenAt(text, '2026-04-23T20:59:59Z'), false);
    assert.equal(isOpenAt(text, '2026-04-23T21:00:00Z'), true);
    assert.equal(isOpenAt(text, '2026-04-23T22:29:59Z'), true, 'it is 01:29 on Friday');
    assert.equal(isOpenAt(text, '2026-04-23T22:30:00Z'), false);
  });

  it('a change of half an hour counts as what it is (Lord Howe, 2026-10-04 forward and 2026-04-05 back)', () => {
    const days = (text: string, first: string, second: string) => openMinutes(text, first) + openMinutes(text, second);
    assert.equal(days('sun 02:00-02:30 Australia/Lord_Howe', '2026-10-03', '2026-10-04'), 0);
    assert.equal(days('sun 01:30-02:00 Australia/Lord_Howe', '2026-04-04', '2026-04-05'), 60);
    assert.equal(days('sun 01:30-02:00 Australia/Lord_Howe', '2026-04-11', '2026-04-12'), 30);
  });
});
