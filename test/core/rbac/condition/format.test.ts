import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AccessFacts } from '../../../../src/core/rbac/access-facts.ts';
import { compileCondition } from '../../../../src/core/rbac/condition/compile.ts';
import { formatCondition, quote } from '../../../../src/core/rbac/condition/format.ts';
import { compileLike } from '../../../../src/core/rbac/condition/like.ts';
import { findOperator, type Operator } from '../../../../src/core/rbac/condition/operators.ts';
import { maxConditionLength, parseCondition } from '../../../../src/core/rbac/condition/parse.ts';
import type { Expression } from '../../../../src/core/rbac/condition/syntax.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';

/** Objects as they are written in code. */
const plain = { noNullPrototype: true } as const;
const operator = (name: string) => findOperator(name) as Operator;
const userName = { kind: 'attribute', source: 'Principal', name: 'Postern/actor:userName' } as const;
const uid = { kind: 'attribute', source: 'Principal', name: 'Postern/actor:uid' } as const;
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const number = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.record(
    { kind: fc.constant('actionMatches' as const), pattern: fc.constantFrom('a/read', '*', "it's/odd\\") },
    plain,
  ),
  fc.record({ kind: fc.constant('exists' as const), attribute: fc.constantFrom(userName, uid) }, plain),
  fc.record(
    {
      kind: fc.constant('compare' as const),
      left: fc.constant(userName),
      operator: fc
        .constantFrom('StringEquals', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringStartsWith')
        .map(operator),
      right: text.map((value) => ({ kind: 'literal' as const, values: [value] })),
    },
    plain,
  ),
  fc.record(
    {
      kind: fc.constant('compare' as const),
      left: fc.constant(uid),
      quantifier: fc.constantFrom('ForAnyOfAnyValues' as const, 'ForAllOfAllValues' as const),
      operator: fc.constantFrom('NumericEquals', 'NumericLessThan').map(operator),
      right: fc.array(number, { minLength: 1, maxLength: 4 }).map((values) => ({ kind: 'literal' as const, values })),
    },
    plain,
  ),
);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    leaf,
    tie('expression').map((part) => ({ kind: 'not' as const, part })),
    fc.record(
      {
        kind: fc.constantFrom('and' as const, 'or' as const),
        parts: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
      },
      plain,
    ),
  ),
}));

describe('a condition that is written', () => {
  it('is read as it was meant', () => {
    fc.assert(
      fc.property(expression, (made) => {
        const written = formatCondition(made);
        fc.pre(written.length <= maxConditionLength);
        assert.deepEqual(parseCondition(written), made, written);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        const parsed = parseCondition(`${quote(value)} StringEquals ${quote(value)}`);
        assert.ok(
          'kind' in parsed && parsed.kind === 'compare' && parsed.left.kind === 'literal',
          JSON.stringify(parsed),
        );
        assert.deepEqual(parsed.left.values, [value]);
      }),
    );
  });
});

describe('any text', () => {
  it('is read or refused, with a position in it or right after it', () => {
    const pieces = fc.constantFrom(
      ..."(){},!&|@[]'\\ ",
      'AND',
      ' OR ',
      'NOT',
      '@Request[UtcNow]',
      "'a'",
      '1',
      'StringEquals',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 40 }), (drawn) => {
        const written = drawn.join('');
        const parsed = parseCondition(written);
        if ('flaw' in parsed) assert.ok(parsed.position >= 1 && parsed.position <= written.length + 1, parsed.flaw);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what is known of a request', () => {
  it('only ever settles what could not be said: knowing more never turns true into false, or false into true', () => {
    const facts: fc.Arbitrary<AccessFacts> = fc.record(
      { now: fc.constant(0 as EpochMillis), actor: fc.record({ userName: text, uid: fc.nat() }) },
      { requiredKeys: ['now'] },
    );
    fc.assert(
      fc.property(expression, facts, (made, known) => {
        const ask = (of: AccessFacts) => compileCondition(made)({ action: 'a/read', plane: 'control', facts: of });
        const less = ask({ now: known.now, callerUnknown: true });
        if (less !== undefined) assert.equal(ask(known), less, formatCondition(made));
      }),
      { numRuns: 500 },
    );
  });
});

describe('StringLike', () => {
  it('decides as the same pattern does as a regular expression', () => {
    const pattern = fc.array(fc.constantFrom('*', '?', 'a', 'b', '\\*', '\\?', '.'), { maxLength: 8 });
    const subject = fc.array(fc.constantFrom('a', 'b', '*', '?', '.', '\n'), { maxLength: 10 });
    fc.assert(
      fc.property(pattern, subject, (parts, characters) => {
        const source = parts.map((part) =>
          part === '*' ? '[^]*' : part === '?' ? '[^]' : part === '.' ? '\\.' : part,
        );
        const value = characters.join('');
        assert.equal(compileLike(parts.join(''))(value), new RegExp(`^${source.join('')}$`).test(value));
      }),
      { numRuns: 2000 },
    );
  });
});
