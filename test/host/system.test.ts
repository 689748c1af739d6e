import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from '../../src/host/system.ts';

describe('the system’s random bytes', () => {
  it('are as many as asked, never the same, and the caller’s own', () => {
    const seen = new Set<string>();
    for (const length of [16, 164, 1024, 1025, 9000]) {
      for (let draw = 0; draw < 200; draw++) {
        const bytes = systemRandom.bytes(length);
        assert.equal(bytes.length, length);
        seen.add(Buffer.from(bytes).toString('hex'));
        bytes.fill(0);
      }
    }
    assert.equal(seen.size, 1000);
    assert.equal(systemRandom.bytes(0).length, 0);
  });

  it('use every value of a byte about as often', () => {
    const counts = new Array<number>(256).fill(0);
    for (let draw = 0; draw < 2000; draw++)
      for (const byte of systemRandom.bytes(164)) counts[byte] = (counts[byte] ?? 0) + 1;
    const expected = (2000 * 164) / 256;
    // Ten standard deviations: chance alone never gets there.
    assert.ok(counts.every((count) => Math.abs(count - expected) < 10 * Math.sqrt(expected)));
  });
});
