import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseFilter } from '../../../src/directory/graph/odata-filter.ts';

const properties = ['id', 'displayName', 'tags', 'accountEnabled', 'mail', 'tenant'];
const tenant = 'abcdef01-0000-4000-8000-00000000000a';
const objects = [
  { id: '1', displayName: 'Web', tags: ['a', 'b'], accountEnabled: true, mail: null, tenant },
  { id: '2', displayName: "O'Brien's", tags: [], accountEnabled: false, mail: 'o@example.org' },
  { id: '3', displayName: 'website', tags: ['B'], accountEnabled: true, mail: null },
];
const found = (filter: string) => {
  const parsed = parseFilter(filter, properties);
  assert.ok(parsed, filter);
  return objects.filter((object) => parsed.matches(object)).map(({ id }) => id);
};

describe('a $filter', () => {
  it('is read as OData says', () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["displayName eq 'web'", ['1']],
      ["displayName ne 'web'", ['2', '3']],
      ["displayName eq 'O''Brien''s'", ['2']],
      ["startswith(displayName,'WEB')", ['1', '3']],
      ["endswith(displayName, 'site')", ['3']],
      ["displayName in ('web', 'website')", ['1', '3']],
      ["tags/any(t:t eq 'b')", ['1', '3']],
      ['accountEnabled eq true', ['1', '3']],
      ['mail eq null', ['1', '3']],
      ["mail eq 'null'", []],
      ["tags/any(t:startsWith(t,'A'))", ['1']],
      [`tenant eq ${tenant}`, ['1']],
      [`tenant eq '${tenant.toUpperCase()}'`, ['1']],
      ["not startswith(displayName,'web')", ['2']],
      ["not (id eq '1' or id eq '2')", ['3']],
      ["id eq '1' or id eq '2' and accountEnabled eq true", ['1']],
      ["(id eq '1' or id eq '2') and accountEnabled eq true", ['1']],
      ["NOT (id EQ '1') AND Id NE '2'", ['3']],
      ["displayName eq 'and' or displayName eq 'x or y'", []],
    ];
    for (const [filter, ids] of cases) assert.deepEqual(found(filter), ids, filter);
  });

  it('is refused when it is none, or asks for what cannot be asked', () => {
    const wrong = [
      '',
      'displayName',
      "displayName eq 'a",
      "displayName eq a'",
      'displayName eq',
      "secret eq 'a'",
      "displayName like 'a'",
      "displayName eq 'a' and",
      "(displayName eq 'a'",
      "displayName eq 'a')",
      'displayName in ()',
      "tags/any(t:u eq 'a')",
      "tags/all(t:t eq 'a')",
      "tags/any(t:startswith(u,'a'))",
      "tags/any(t:startswith(t,'a')",
      "tags/any(t:endswith(t,'a'))",
      `tenant eq ${tenant}0`,
      'startswith(displayName)',
      "displayName eq 'a' displayName eq 'b'",
      "__proto__ eq 'a'",
      "constructor eq 'a'",
      `${'('.repeat(10_000)}id eq '1'${')'.repeat(10_000)}`,
      `${'not '.repeat(10_000)}id eq '1'`,
    ];
    for (const filter of wrong) assert.equal(parseFilter(filter, properties), undefined, filter.slice(0, 60));
  });

  it('says whether it is an advanced query', () => {
    const advanced = [
      "id ne '1'",
      "endswith(id,'1')",
      "id eq '2' and not (id eq '1')",
      "tags/any(t:startswith(t,'a'))",
    ];
    for (const filter of advanced) {
      assert.equal(parseFilter(filter, properties)?.advanced, true, filter);
    }
    for (const filter of ["id eq '1'", "startswith(id,'1') or tags/any(t:t eq 'a')"]) {
      assert.equal(parseFilter(filter, properties)?.advanced, false, filter);
    }
  });

  it('finds any text that was written with its quotes doubled, and no other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const parsed = parseFilter(`displayName eq '${text.replaceAll("'", "''")}'`, properties);
        assert.ok(parsed);
        assert.ok(parsed.matches({ displayName: text }));
        assert.equal(parsed.matches({ displayName: other }), text.toLowerCase() === other.toLowerCase());
      }),
    );
  });

  it('means what its parts mean, however they are put together', () => {
    const leaf = fc.constantFrom("id eq '1'", "id eq '2'", "tags/any(t:t eq 'b')", "id in ('1','3')", 'mail ne null');
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a}) and (${b})`),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a}) or (${b})`),
      ),
    }));
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const [left, right] = [found(a), found(b)];
        assert.deepEqual(
          found(`not (${a})`),
          objects.map(({ id }) => id).filter((id) => !left.includes(id)),
        );
        assert.deepEqual(
          found(`(${a}) and (${b})`),
          left.filter((id) => right.includes(id)),
        );
        assert.deepEqual(found(`(${a}) or (${b})`).length, new Set([...left, ...right]).size);
      }),
    );
  });

  it('is read or refused, whatever it is', () => {
    const word = fc.constantFrom(
      'id',
      'eq',
      'ne',
      'in',
      'and',
      'or',
      'not',
      '(',
      ')',
      ',',
      "'a'",
      "'",
      'tags/any',
      ':',
      'true',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          const parsed = parseFilter(text, properties);
          if (parsed !== undefined) for (const object of objects) parsed.matches(object);
        },
      ),
    );
  });
});
