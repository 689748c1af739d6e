import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseExpression } from '../../../src/core/filter/expression.ts';
import { matcherOf } from '../../../src/core/filter/matcher.ts';

const eq = (field: string, value: string) => ({ field, test: 'eq', value });

describe('$filter expressions', () => {
  it('bind and tighter than or, and parentheses tighter than both', () => {
    const [a, b, c] = [eq('a', '1'), eq('b', '2'), eq('c', '3')];
    assert.deepEqual(parseExpression("a eq '1' or b eq '2' and c eq '3'"), { or: [a, { and: [b, c] }] });
    assert.deepEqual(parseExpression("(a eq '1' or b eq '2') AND c eq '3'"), { and: [{ or: [a, b] }, c] });
  });
  it('have functions, with the field first but in substringof', () => {
    assert.deepEqual(parseExpression("contains(name, 'x')"), { field: 'name', test: 'contains', value: 'x' });
    assert.deepEqual(parseExpression("substringof('x', name)"), { field: 'name', test: 'contains', value: 'x' });
    assert.deepEqual(parseExpression("EndsWith(name,'x')"), { field: 'name', test: 'endswith', value: 'x' });
  });
  for (const text of [
    'a eq',
    "a gt '1'",
    "a eq '1' and",
    "(a eq '1'",
    "a eq '1')",
    "contains('x', name)",
    "a eq '1' b",
    "a eq 'it's'",
  ]) {
    it(`do not have ${text}`, () => assert.equal(parseExpression(text), undefined));
  }
  it('hold any text between quotes, its quotes doubled', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.deepEqual(parseExpression(`a eq '${text.replaceAll("'", "''")}'`), eq('a', text));
      }),
    );
  });
  it('never throw', () => {
    const piece = fc.constantFrom('a', 'eq', "'x'", 'and', 'or', '(', ')', ',', 'contains', 'substringof', ' ', "'");
    fc.assert(fc.property(fc.array(piece), (pieces) => void parseExpression(pieces.join(' '))));
  });
});

describe('a test of a field', () => {
  const passes = (test: 'eq' | 'ne' | 'contains' | 'startswith' | 'endswith', value: string, held: string) =>
    matcherOf({ field: 'f', test, value })(held);
  it('has no regard to case', () => {
    assert.deepEqual([passes('eq', 'AbC', 'aBc'), passes('eq', 'ab', 'abc')], [true, false]);
    assert.deepEqual([passes('ne', 'AbC', 'aBc'), passes('ne', 'ab', 'abc')], [false, true]);
    assert.deepEqual([passes('startswith', 'A', 'abc'), passes('startswith', 'b', 'abc')], [true, false]);
    assert.deepEqual([passes('endswith', 'C', 'abc'), passes('endswith', 'b', 'abc')], [true, false]);
    assert.deepEqual([passes('contains', 'B', 'abc'), passes('contains', 'd', 'abc')], [true, false]);
  });
});
