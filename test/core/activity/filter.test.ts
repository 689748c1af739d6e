import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ActivityFilter, parseActivityFilter } from '../../../src/core/activity/filter.ts';
import { parseTimestamp } from '../../../src/core/activity/timestamp.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { noon, webOne } from './facts.ts';

const time = (text: string): EpochMillis => Date.parse(text) as EpochMillis;
const window = "eventTimestamp ge '2026-11-23T06:00:00Z' and eventTimestamp le '2026-11-23T12:00:00Z'";
const range = { from: time('2026-11-23T06:00:00Z'), to: time('2026-11-23T12:00:00Z') };

function parsed(filter: string): ActivityFilter {
  const result = parseActivityFilter(filter, noon);
  assert.ok(!isRefusal(result), isRefusal(result) ? result.message : '');
  return result;
}

function refused(filter: string | undefined, message: RegExp): void {
  const result = parseActivityFilter(filter, noon);
  assert.ok(isRefusal(result), `${filter} was accepted: ${JSON.stringify(result)}`);
  assert.equal(result.refused, 'BadRequest');
  assert.match(result.message, message);
}

describe('the times of an activity-log filter', () => {
  it('are in quotes or, as az sends them, without quotes and zone', () => {
    assert.deepEqual(parsed(window), range);
    assert.deepEqual(parsed('eventTimestamp ge 2026-11-23T06:00:00.123456 and eventTimestamp le 2026-11-23T12:00:00'), {
      from: time('2026-11-23T06:00:00.123Z'),
      to: range.to,
    });
  });

  it('may have an offset, also where its + was decoded to a blank', () => {
    for (const offset of ['+02:00', ' 02:00', '+0200']) {
      for (const quote of ["'", '']) {
        const filter = `eventTimestamp ge ${quote}2026-11-23T08:00:00${offset}${quote} and eventTimestamp le ${quote}2026-11-23T12:00:00Z${quote}`;
        assert.deepEqual(parsed(filter), range, filter);
      }
    }
    assert.equal(parsed('eventTimestamp ge 2026-11-23T05:00:00-01:00').from, range.from);
  });

  it('stand between blanks that may still be +', () => {
    assert.deepEqual(parsed(window.replaceAll(' ', '+')), range);
    assert.deepEqual(parsed(`  ${window.replaceAll(' ', '   ')}  `), range);
  });

  it('may be dates', () => {
    assert.equal(
      parsed('eventTimestamp ge 2026-11-23 and eventTimestamp le 2026-11-24').from,
      time('2026-11-23T00:00:00Z'),
    );
  });

  it('end now when no end is said', () => {
    assert.equal(parsed("eventTimestamp ge '2026-11-23T06:00:00Z'").to, noon);
  });

  it('are required', () => {
    refused(undefined, /\$filter is required/);
    refused('  ', /\$filter is required/);
    refused("eventTimestamp le '2026-11-23T06:00:00Z'", /has no start time/);
    refused("caller eq 'x'", /has no start time/);
    refused("eventTimestamp eq '2026-11-23T06:00:00Z'", /has no start time/);
  });

  it('are said once', () => {
    refused(`${window} and eventTimestamp ge '2026-11-23T07:00:00Z'`, /eventTimestamp ge more than once/);
  });

  it('reach 90 days back and no millisecond more', () => {
    const edge = noon - 90 * 86_400_000;
    const from = (millis: number) => `eventTimestamp ge '${new Date(millis).toISOString()}'`;
    assert.equal(parsed(from(edge)).from, edge);
    refused(from(edge - 1), /^The start time cannot be more than 90 days in the past\. It is 2026-08-25T12:00:00\.122/);
  });

  it('are in order', () => {
    refused(
      "eventTimestamp ge '2026-11-23T06:00:01Z' and eventTimestamp le '2026-11-23T06:00:00Z'",
      /is before the start/,
    );
    const both = "eventTimestamp ge '2026-11-23T06:00:00Z' and eventTimestamp le '2026-11-23T06:00:00Z'";
    assert.equal(parsed(both).from, parsed(both).to);
  });

  it('are times', () => {
    for (const text of ['yesterday', '2026-02-31T00:00:00Z', '2026-11-23T25:00:00Z', '2026-11-23T06:00:00Zulu', '']) {
      refused(`eventTimestamp ge '${text}'`, /The time '.*' of eventTimestamp is not valid/);
    }
  });
});

describe('what an activity-log filter asks for', () => {
  it('is one of four subjects', () => {
    assert.deepEqual(parsed(`${window} and resourceGroupName eq 'rg1'`), { ...range, resourceGroupName: 'rg1' });
    assert.deepEqual(parsed(`${window} and resourceUri eq '${webOne}'`), { ...range, resourceId: webOne });
    assert.deepEqual(parsed(`${window} and resourceId eq '${webOne}'`), { ...range, resourceId: webOne });
    assert.deepEqual(parsed(`${window} and resourceProvider eq 'Microsoft.Compute'`), {
      ...range,
      resourceProvider: 'Microsoft.Compute',
    });
    assert.deepEqual(parsed(`${window} and correlationId eq 'c'`), { ...range, correlationId: 'c' });
    refused(`${window} and resourceGroupName eq 'a' and correlationId eq 'b'`, /resourceGroupName and correlationId/);
    refused(`${window} and resourceUri eq 'a' and resourceId eq 'b'`, /resourceId more than once/);
  });

  it('is a single word without quotes too, as `az role assignment list-changelogs` sends it', () => {
    const filter = 'resourceProvider eq Microsoft.Authorization and eventTimestamp ge 2026-11-23T06:00:00Z';
    assert.equal(parsed(filter).resourceProvider, 'Microsoft.Authorization');
    assert.equal(parsed(`${window} and caller eq a-b and status eq Failed`).caller, 'a-b');
  });

  it('is also a caller and a status, as az appends them, and levels and channels, as the portal does', () => {
    assert.deepEqual(
      parsed(
        `${window} and eventChannels eq 'Admin, Operation' and resourceGroupName eq 'rg1' and caller eq 'o''k'` +
          " and status eq 'Failed' and levels eq 'Critical,Error, Warning'",
      ),
      { ...range, resourceGroupName: 'rg1', caller: "o'k", status: 'Failed', levels: ['Critical', 'Error', 'Warning'] },
    );
  });

  it('is also a user of a machine and a token, by our own names', () => {
    assert.deepEqual(parsed(`${window} and posternUser eq 'alice' and posternToken eq 'u-1'`), {
      ...range,
      userName: 'alice',
      uti: 'u-1',
    });
  });

  it('may be written in any letter case', () => {
    const filter =
      "EVENTTIMESTAMP GE '2026-11-23T06:00:00Z' AND EventTimestamp Le '2026-11-23T12:00:00Z' and STATUS EQ 'x'";
    assert.deepEqual(parsed(filter), { ...range, status: 'x' });
  });

  it('is nothing else', () => {
    refused(`${window} and category eq 'x'`, /cannot ask for 'category'/);
    refused(`${window} and constructor eq 'x'`, /cannot ask for 'constructor'/);
    refused(`${window} and caller ge 'x'`, /compare caller with 'eq' only/);
    refused(`${window} and caller eq ''`, /empty value/);
    for (const malformed of [
      `${window} and`,
      `and ${window}`,
      `${window} or caller eq 'x'`,
      `${window} caller eq 'x'`,
      `${window} and caller eq 'x`,
      `${window} and caller eq x y`,
      `${window} and caller eq x'y`,
      `${window} and caller eq (x)`,
      `${window} and caller eq 'x'y'`,
      `${window} and caller ne 'x'`,
      `(${window})`,
    ]) {
      refused(malformed, /is not valid\. It must have the form/);
    }
  });

  it('is parsed in time in proportion to its length', () => {
    const started = process.cpuUsage();
    for (const tail of ['1', '+', "''", ' ', ':0', 'and '])
      parseActivityFilter(`eventTimestamp ge 2026-11-23T${tail.repeat(8000)}!`, noon);
    assert.ok(process.cpuUsage(started).user < 1_000_000);
  });

  it('never throws, whatever is written', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseActivityFilter(`${window} and ${text}`, noon)));
  });

  it('comes back as it was written, quotes and all', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (caller) => {
        assert.equal(parsed(`${window} and caller eq '${caller.replaceAll("'", "''")}'`).caller, caller);
      }),
    );
  });
});

describe('a timestamp', () => {
  it('is read to the millisecond whatever its decimals', () => {
    const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.stringMatching(/^\d{0,4}$/), (expected, more) => {
        assert.equal(parseTimestamp(expected.toISOString().replace('Z', `${more}Z`)), expected.getTime());
      }),
    );
  });
});
