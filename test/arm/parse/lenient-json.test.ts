import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseLenientJson } from '../../../src/arm/parse/lenient-json.ts';

const read = (text: string) => parseLenientJson(text, 20);

describe('JSON as people write it', () => {
  it('reads whatever JSON is, to the same value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        assert.deepEqual(read(text), JSON.parse(text));
      }),
    );
  });

  it('takes comments, names without quotes, single quotes, commas at the end and line breaks in texts', () => {
    const text = `// first
    { name: 'a\\'b', /* more */ "two": [1, -2.5e1, true, null,], three: "on
two lines", }`;
    assert.deepEqual(read(text), { name: "a'b", two: [1, -25, true, null], three: 'on\ntwo lines' });
    assert.deepEqual(read('\uFEFF{"a": "\\u00e9\\n"} // end'), { a: 'é\n' });
    assert.deepEqual(read('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}'));
  });

  it('is nothing where it is neither', () => {
    for (const text of ['', '{', '{a}', '[1 2]', '{"a": }', "'open", '/* open', '{} {}', 'nothing', '[,]', '{"a" 1}']) {
      assert.equal(read(text), undefined, text);
    }
  });

  it('nests no deeper than it is told, and ends soon', () => {
    assert.equal(read('['.repeat(21) + ']'.repeat(21)), undefined);
    assert.notEqual(read('['.repeat(20) + ']'.repeat(20)), undefined);
    assert.equal(read('['.repeat(4_000_000)), undefined);
    assert.equal(read(`${'/*'.repeat(2_000_000)}`), undefined);
  });
});
