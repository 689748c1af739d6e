import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  formatManagementGroup,
  formatManagementGroupId,
  type ManagementGroup,
  parseManagementGroup,
  rootManagementGroup,
} from '../../../src/core/management/management-group.ts';
import { deepestLevel, ManagementTree } from '../../../src/core/management/management-tree.ts';
import { decidePlace } from '../../../src/core/management/place-group.ts';
import type { EpochMillis } from '../../../src/core/time.ts';

const root = rootManagementGroup('tenant', 0 as EpochMillis);
const group = (name: string, parent: string): ManagementGroup => ({
  ...root,
  id: formatManagementGroupId(name),
  name,
  parent,
});
const name = fc.constantFrom(...'abcdefghijkl');
const parent = fc.oneof(
  name,
  fc.constant('tenant'),
  name.map((one) => one.toUpperCase()),
);

describe('the place of a management group', () => {
  it('is never below itself, nor deeper than six levels, after any run of allowed moves', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, parent), { maxLength: 60 }), (moves) => {
        let tree = new ManagementTree(root, [], []);
        for (const [moved, into] of moves) {
          if (decidePlace(tree, moved, into) === undefined) tree = tree.with(group(moved, into));
        }
        for (const one of tree.groups()) {
          const above = tree.ancestorsOf(one.name);
          assert.ok(above.length <= deepestLevel);
          assert.ok(one.name === 'tenant' || above.at(-1)?.name === 'tenant', `${one.name} hangs from the root`);
        }
      }),
    );
  });
  it('is read back from its document as it was written', () => {
    for (const one of [root, group('a', 'tenant'), group('B', 'a')]) {
      assert.deepEqual(parseManagementGroup(formatManagementGroup(one)), one);
    }
  });
});
