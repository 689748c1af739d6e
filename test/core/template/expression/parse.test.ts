import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isRefusal } from '../../../../src/core/refusal.ts';
import { maximumDepth, maximumLength, parseExpression } from '../../../../src/core/template/expression/parse.ts';
import type { Syntax } from '../../../../src/core/template/expression/syntax.ts';

describe('the syntax of expressions', () => {
  it('reads calls, literals, properties and indexes, with what stands around them', () => {
    assert.deepEqual(parseExpression("[ f('it''s',\n -1).a[\t0 ] ]"), {
      kind: 'access',
      of: {
        kind: 'access',
        of: {
          kind: 'call',
          name: 'f',
          args: [
            { kind: 'literal', value: "it's", at: 4 },
            { kind: 'literal', value: -1, at: 14 },
          ],
          at: 2,
        },
        key: { kind: 'literal', value: 'a', at: 18 },
        safe: false,
        at: 17,
      },
      key: { kind: 'literal', value: 0, at: 21 },
      safe: false,
      at: 19,
    });
  });

  it('reads the namespace of a user function, and safe access', () => {
    const syntax = parseExpression("[contoso.name().?a[?'b']]");
    assert.ok(!isRefusal(syntax) && syntax.kind === 'access' && syntax.safe && syntax.of.kind === 'access');
    assert.ok(syntax.of.safe && syntax.of.of.kind === 'call' && syntax.of.of.namespace === 'contoso');
  });

  const refusals = {
    ' ': "expected token 'Identifier' and actual 'EndOfData'",
    "concat('ai-', uniqueString(resourceGroup().id)": "expected token 'RightParenthesis' and actual 'EndOfData'",
    'f())': "expected token 'EndOfData' and actual 'RightParenthesis'",
    parameters: "expected token 'LeftParenthesis' and actual 'EndOfData'",
    'f().': "expected token 'Identifier' and actual 'EndOfData'",
    'f()[0': "expected token 'RightSquareBracket' and actual 'EndOfData'",
    "f('a' 'b')": "expected token 'RightParenthesis' and actual 'Literal'",
    'f(,)': "expected token 'Identifier' and actual 'Comma'",
    'a.b.c()': "expected token 'LeftParenthesis' and actual 'Dot'",
  };
  for (const [inner, expected] of Object.entries(refusals)) {
    it(`refuses "${inner}": ${expected}`, () => {
      const refusal = parseExpression(`[${inner}]`);
      assert.ok(isRefusal(refusal) && refusal.refused === 'InvalidTemplate');
      assert.equal(refusal.message, `Unable to parse language expression '${inner}': ${expected}.`);
    });
  }

  it('says where a character stands that begins nothing, a quote without its end among them', () => {
    for (const [text, character, position] of [
      ['[f( {)]', '{', 4],
      ["[f('a', 'b)]", "'", 8],
    ] as const) {
      const refusal = parseExpression(text);
      const where = `the string character '${character}' at position '${position}' is not expected.`;
      assert.equal(
        isRefusal(refusal) && refusal.message,
        `The language expression '${text.slice(1, -1)}' is not valid: ${where}`,
      );
    }
  });

  it('takes 24,576 characters and not one more', () => {
    const filled = (length: number) => `['${'a'.repeat(length - 4)}']`;
    assert.ok(!isRefusal(parseExpression(filled(maximumLength))));
    assert.match(messageOf(parseExpression(filled(maximumLength + 1))), /Limit: '24576' and actual: '24577'/);
  });
});

describe('hostile expressions', () => {
  const nested = (depth: number) => `[${'f('.repeat(depth)}${')'.repeat(depth)}]`;

  it('nest up to a bound, in calls, properties and indexes', () => {
    assert.ok(!isRefusal(parseExpression(nested(maximumDepth))));
    assert.match(messageOf(parseExpression(nested(maximumDepth + 2))), /nested too deep/);
    assert.match(messageOf(parseExpression(`[f()${'.a'.repeat(12_000)}]`)), /nested too deep/);
    assert.match(messageOf(parseExpression(`[f()${'[f()'.repeat(6_000)}]`)), /nested too deep/);
  });

  it('are answered whatever they hold', () => {
    const parts = fc.constantFrom(
      'f',
      '(',
      ')',
      '[',
      ']',
      '.',
      '.?',
      '[?',
      ',',
      "'",
      "''",
      '1',
      '-',
      ' ',
      '\n',
      '{',
      'é',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (some) => {
        const parsed = parseExpression(`[${some.join('')}]`);
        return isRefusal(parsed) ? parsed.refused === 'InvalidTemplate' : 'kind' in parsed;
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a syntax tree', () => {
  const name = fc.stringMatching(/^[a-z]\w{0,5}$/);
  const tree = fc.letrec<{ node: Syntax; call: Syntax; access: Syntax; literal: Syntax }>((tie) => ({
    node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('literal'), tie('call'), tie('access')),
    literal: fc.oneof(fc.string(), fc.integer()).map((value) => ({ kind: 'literal', value, at: 0 }) as const),
    call: fc
      .record({ name, namespace: fc.option(name, { nil: undefined }), args: fc.array(tie('node'), { maxLength: 3 }) })
      .map(
        ({ namespace, ...call }) => ({ kind: 'call', ...call, ...(namespace ? { namespace } : {}), at: 0 }) as const,
      ),
    access: fc
      .record({ of: tie('call'), key: tie('node'), safe: fc.boolean() })
      .map((access) => ({ kind: 'access', ...access, at: 0 }) as const),
  })).node;

  it('is what parsing its text gives again', () => {
    fc.assert(
      fc.property(tree, (syntax) => {
        assert.deepEqual(withoutPlaces(parseExpression(`[${written(syntax)}]`) as Syntax), syntax);
      }),
    );
  });
});

function messageOf(parsed: ReturnType<typeof parseExpression>): string {
  return isRefusal(parsed) ? parsed.message : '';
}

function written(syntax: Syntax): string {
  if (syntax.kind === 'literal') {
    return typeof syntax.value === 'string' ? `'${syntax.value.replaceAll("'", "''")}'` : String(syntax.value);
  }
  if (syntax.kind === 'access') return `${written(syntax.of)}[${syntax.safe ? '?' : ''}${written(syntax.key)}]`;
  const space = syntax.namespace === undefined ? '' : `${syntax.namespace}.`;
  return `${space}${syntax.name}( ${syntax.args.map(written).join(' , ')} )`;
}

function withoutPlaces(syntax: Syntax): Syntax {
  if (syntax.kind === 'literal') return { ...syntax, at: 0 };
  if (syntax.kind === 'call') return { ...syntax, args: syntax.args.map(withoutPlaces), at: 0 };
  return { ...syntax, of: withoutPlaces(syntax.of), key: withoutPlaces(syntax.key), at: 0 };
}
