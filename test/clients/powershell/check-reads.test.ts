import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkReads } from './check-reads.ts';

const reads = {
  source: 'Example.cs',
  fields: { name: 'filled', note: 'text?', 'value[].id': 'filled', 'value[1].on': 'flag', '@odata.type': 'text' },
} as const;
const whole = { name: 'a', value: [{ id: '1' }, { id: '2', on: true }], '@odata.type': '' };

describe('what the source reads from an answer', () => {
  it('is there and of its kind', () => {
    assert.equal(checkReads(whole, reads), whole);
    assert.doesNotThrow(() => checkReads({ ...whole, note: null, more: 1 }, reads));
  });
  const flawed: readonly (readonly [title: string, body: unknown, flaw: RegExp])[] = [
    ['is missing', { ...whole, name: undefined }, /Example\.cs .* name is undefined, not filled/],
    ['is empty', { ...whole, name: '' }, /name is "", not filled/],
    ['is of another kind', { ...whole, note: 7 }, /note is 7, not text\?/],
    [
      'is missing in one of a list',
      { ...whole, value: [{ id: '1', on: true }, { on: true }] },
      /value\[\]\.id is undefined/,
    ],
    ['lies beyond the end of a list', { ...whole, value: [{ id: '1' }] }, /value\[1\]\.on is undefined/],
    ['is asked of nothing', undefined, /name is undefined/],
  ];
  for (const [title, body, flaw] of flawed) {
    it(`is refused when it ${title}`, () => {
      assert.throws(() => checkReads(body, reads), flaw);
    });
  }
});
