import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseOtlpHeaders } from '../../src/cli/otlp-headers.ts';
import { parseSince } from '../../src/cli/since.ts';

describe('a point in time on the command line', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');

  it('is so long ago, or a time', () => {
    assert.equal(parseSince('90s', now), now - 90_000);
    assert.equal(parseSince('30m', now), now - 1_800_000);
    assert.equal(parseSince('12h', now), now - 43_200_000);
    assert.equal(parseSince('7d', now), now - 604_800_000);
    assert.equal(parseSince('2026-11-24T08:00:00Z', now), Date.parse('2026-11-24T08:00:00Z'));
  });

  it('is nothing else', () => {
    for (const written of ['', '7', 'd', '-1d', '7w', 'yesterday', '2026', '2026-13-01']) {
      assert.throws(() => parseSince(written, now), /A time is like/);
    }
  });
});

describe('headers for a collector', () => {
  it('are pairs between commas, percent-encoded', () => {
    assert.deepEqual(parseOtlpHeaders('api-key=a%20b, x = y=z'), { 'api-key': 'a b', x: 'y=z' });
    assert.deepEqual(parseOtlpHeaders('nothing,=x,bad=%zz'), {});
  });
});
