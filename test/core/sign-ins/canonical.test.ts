import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../src/core/json.ts';
import { formatCanonical } from '../../../src/core/sign-ins/canonical.ts';

describe('canonical JSON', () => {
  it('has names in order, at any depth, and no blanks', () => {
    assert.equal(formatCanonical({ b: [1, { d: null, c: 'x' }], a: true }), '{"a":true,"b":[1,{"c":"x","d":null}]}');
  });

  it('orders names that look like numbers as the texts that they are', () => {
    assert.equal(formatCanonical({ b: 0, '10': 1, '9': 2 }), '{"10":1,"9":2,"b":0}');
  });

  it('is JSON of the same value, whatever the order in which it was kept', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = formatCanonical(value as Json);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
        assert.equal(formatCanonical(reversed(value as Json)), text);
      }),
    );
  });
});

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
}
