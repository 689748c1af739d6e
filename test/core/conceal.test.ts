import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conceal, concealRefusal, textsIn } from '../../src/core/conceal.ts';
import { refuse } from '../../src/core/refusal.ts';

describe('a secret', () => {
  const secrets = new Set(['correct-horse', 'ab', '']);

  it('is left out wherever it stands, within longer texts too', () => {
    const value = { a: 'correct-horse', list: ['is correct-horse!', 'horse'], n: 1, none: null };
    assert.deepEqual(conceal(value, secrets), { a: '***', list: ['is ***!', 'horse'], n: 1, none: null });
  });

  it('that is short is found alone only, and an empty one not at all', () => {
    assert.deepEqual(conceal(['ab', 'cab', ''], secrets), ['***', 'cab', '']);
  });

  it('is left out of what a refusal says', () => {
    const refusal = refuse('InvalidParameter', "The name 'correct-horse' is wrong.", {
      details: [{ code: 'x', message: 'correct-horse' }],
    });
    const { message, details } = concealRefusal(refusal, secrets);
    assert.deepEqual([message, details], ["The name '***' is wrong.", [{ code: 'x', message: '***' }]]);
  });

  it('among too many to look for hides every text', () => {
    const many = new Set(Array.from({ length: 300 }, (_, at) => `secret-${at}`));
    assert.deepEqual(conceal({ a: 'harmless', n: 1 }, many), { a: '***', n: 1 });
  });

  it('may be any text in an object', () => {
    assert.deepEqual(textsIn({ a: 'x', b: [{ c: 'y' }, 3, ''] }), ['x', 'y']);
  });
});
