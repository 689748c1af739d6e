import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readVerdict } from '../../bench/verdict.ts';

describe("a benchmark's verdict", () => {
  const outcome = (better: 'higher' | 'lower', printed: string | undefined) =>
    readVerdict('x', better, printed).outcome;

  it('is read from the last line', () => {
    assert.equal(outcome('higher', 'x ratio=0.1 goal=0.80\nx ratio=0.80 goal=0.80\n'), 'met');
    assert.equal(outcome('higher', 'x ratio=0.79 goal=0.80\n'), 'missed');
  });

  it('knows on which side of the goal to be', () => {
    assert.equal(outcome('lower', 'x ratio=349 goal=350'), 'met');
    assert.equal(outcome('lower', 'x ratio=1.51 goal=1.5'), 'missed');
  });

  it('is failed without such a line, or with that of another benchmark', () => {
    for (const printed of [undefined, '', 'x ratio=NaN goal=0.80', 'y ratio=1 goal=0.80', 'x ratio=1 goal=0.8\nbye']) {
      assert.equal(outcome('higher', printed), 'failed');
    }
  });
});
