import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rememberObjects, rememberTexts } from '../../src/core/remember.ts';

describe('a remembered function of texts', () => {
  it('works each out once, undefined answers too, until newer ones take its place', () => {
    const asked: string[] = [];
    const work = (text: string) => {
      asked.push(text);
      return text === 'b' ? undefined : text.toUpperCase();
    };
    const remembered = rememberTexts(work, { limit: 2, maxLength: 3 });
    assert.deepEqual(['a', 'b', 'a', 'b'].map(remembered), ['A', undefined, 'A', undefined]);
    assert.deepEqual(asked, ['a', 'b']);
    remembered('c');
    remembered('a');
    assert.deepEqual(asked, ['a', 'b', 'c', 'a'], 'the oldest made room');
  });

  it('works a long text out anew each time', () => {
    let asked = 0;
    const remembered = rememberTexts(() => ++asked, { limit: 2, maxLength: 3 });
    assert.deepEqual(['long', 'long', 'not', 'not'].map(remembered), [1, 2, 3, 3]);
  });
});

describe('a remembered function of objects', () => {
  it('works each object out once, not each that looks alike', () => {
    let asked = 0;
    const remembered = rememberObjects((_: object) => ++asked);
    const [one, other] = [{}, {}];
    assert.deepEqual([one, other, one, other].map(remembered), [1, 2, 1, 2]);
  });
});
