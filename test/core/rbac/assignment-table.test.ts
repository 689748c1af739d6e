import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssignmentTable } from '../../../src/core/rbac/assignment-table.ts';
import { toScopePath } from '../../../src/core/rbac/scope-path.ts';
import { alice, assign, bob, group1, guid, operator, reader, subscription } from './roles.ts';

describe('the assignment table', () => {
  it('gives back what was put, with the spelling that was written', () => {
    const table = new AssignmentTable();
    const put = assign(7, alice, reader, group1);
    table.put(put);
    assert.deepEqual([...table.of(alice.toUpperCase())], [put]);
  });

  it('keeps one row for one name, principal and scope', () => {
    const table = new AssignmentTable();
    table.put(assign(7, alice, reader, group1));
    table.put({ ...assign(7, alice, operator, group1), id: assign(7, alice, operator, group1).id.toUpperCase() });
    assert.equal(table.size, 1);
    assert.equal([...table.of(alice)][0]?.roleDefinitionId, operator.id);
  });

  it('does nothing when what is removed is not there', () => {
    const table = new AssignmentTable();
    table.put(assign(7, alice, reader, group1));
    table.remove(assign(8, alice, reader, group1));
    table.remove(assign(7, alice, reader, subscription));
    table.remove(assign(7, bob, reader, group1));
    assert.equal(table.size, 1);
  });

  it('reuses the rows of what was removed', () => {
    const table = new AssignmentTable();
    for (let round = 0; round < 5; round += 1) {
      for (let number = 0; number < 200; number += 1) table.put(assign(number, guid(number), reader, group1));
      for (let number = 0; number < 200; number += 1) table.remove(assign(number, guid(number), reader, group1));
    }
    assert.equal(table.size, 0);
    const path = toScopePath(group1);
    const holders = table.holders([guid(3), guid(300)]);
    assert.equal(holders.length, 1, 'who had an assignment is known; who never had one is not');
    for (const holder of holders) {
      assert.equal(
        table.findAt(holder, path, path.ends.length - 1, () => true),
        -1,
      );
    }
  });

  it('counts by subscription, by management group and by role, also when an assignment changes its role or goes', () => {
    const management = '/providers/Microsoft.Management/managementGroups/mg1';
    const table = new AssignmentTable();
    table.put(assign(1, alice, reader, subscription));
    table.put(assign(2, alice, reader, group1.toUpperCase()));
    table.put(assign(3, bob, operator, `${subscription}0`));
    table.put(assign(4, bob, operator, management));
    table.put(assign(5, bob, operator, '/'));
    assert.equal(table.countAt(`${group1}/providers/Microsoft.Compute/virtualMachines/a`), 2);
    assert.equal(table.countAt(management.toLowerCase()), 1);
    assert.equal(table.countAt('/'), 1);
    assert.deepEqual([table.usesOf(reader.id), table.usesOf(operator.id.toUpperCase())], [2, 3]);
    table.put(assign(2, alice, operator, group1));
    assert.deepEqual([table.usesOf(reader.id), table.usesOf(operator.id)], [1, 4]);
    table.remove(assign(2, alice, operator, group1));
    assert.deepEqual([table.countAt(subscription), table.usesOf(operator.id), table.usesOf('unknown')], [1, 3, 0]);
  });

  it('refuses an assignment whose name is no GUID', () => {
    const table = new AssignmentTable();
    assert.throws(() => table.put({ ...assign(1, alice, reader, group1), id: `${group1}/x/y/not-a-guid` }), /GUID/);
  });
});
