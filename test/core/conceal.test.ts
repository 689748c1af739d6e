import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conceal, textsIn } from '../../src/core/conceal.ts';

describe('a secret', () => {
  const secrets = new Set(['correct-horse', 'ab', '']);

  it('is left out wherever it stands, within longer texts too', () => {
    const value = { a: 'correct-horse', list: ['is correct-horse!', 'horse'], n: 1, none: null };
    assert.deepEqual(conceal(value, secrets), { a: '***', list: ['***', 'horse'], n: 1, none: null });
  });

  it('that is short is found alone only, and an empty one not at all', () => {
    assert.deepEqual(conceal(['ab', 'cab', ''], secrets), ['***', 'cab', '']);
  });

  it('may be any text in an object', () => {
    assert.deepEqual(textsIn({ a: 'x', b: [{ c: 'y' }, 3, ''] }), ['x', 'y']);
  });
});
