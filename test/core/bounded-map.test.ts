import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BoundedMap } from '../../src/core/bounded-map.ts';

describe('a bounded map', () => {
  it('lets the oldest entry go for a new one, never for a known one', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('b', 3);
    assert.deepEqual([map.get('a'), map.get('b')], [1, 3]);
    map.set('c', 4);
    assert.deepEqual([map.get('a'), map.get('b'), map.get('c'), map.size], [undefined, 3, 4, 2]);
  });
});
