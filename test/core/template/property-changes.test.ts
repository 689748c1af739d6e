import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { propertyChanges } from '../../../src/core/template/property-changes.ts';

describe('what a resource would be changed in', () => {
  it('is nothing where all that is sent is there, whatever its letter case and whatever else there is', () => {
    const before = { location: 'eastus', properties: { a: 1, provisioningState: 'Succeeded' }, tags: { t: 'x' } };
    assert.deepEqual(propertyChanges(before, { location: 'EastUS', properties: { A: 1 } }), []);
  });

  it('is each property that differs or comes, and tags that go', () => {
    const changes = propertyChanges(
      { properties: { a: 1 }, tags: { keep: 'x', gone: 'y' } },
      { properties: { a: 2, b: { c: true } }, tags: { keep: 'x' } },
    );
    assert.deepEqual(
      changes.map(({ path, propertyChangeType }) => [path, propertyChangeType]),
      [
        ['properties.a', 'Modify'],
        ['properties.b', 'Create'],
        ['tags.gone', 'Delete'],
      ],
    );
  });

  it('of an array is told by its items', () => {
    const [change] = propertyChanges({ list: [{ a: 1 }, 'x', 'y'] }, { list: [{ a: 2 }, 'x'] });
    assert.equal(change?.propertyChangeType, 'Array');
    assert.deepEqual(
      change?.children?.map(({ path, propertyChangeType }) => [path, propertyChangeType]),
      [
        ['0.a', 'Modify'],
        ['2', 'Delete'],
      ],
    );
  });
});
