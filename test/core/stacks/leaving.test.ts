import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ActionOnUnmanage,
  formatActionOnUnmanage,
  parseActionOnUnmanage,
  parseUnmanageQuery,
} from '../../../src/core/stacks/action-on-unmanage.ts';
import { planLeaving } from '../../../src/core/stacks/leaving.ts';

const group = '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg1';
const account = `${group}/providers/Microsoft.Storage/storageAccounts/a`;
const child = `${account}/blobServices/default`;
const disk = `${group}/providers/Microsoft.Compute/disks/d`;
const machine = `${group}/providers/Microsoft.Compute/virtualMachines/vm`;
const management = '/providers/Microsoft.Management/managementGroups/m';
const all = [management, group, disk, account, child, machine];

const action = (more: Partial<ActionOnUnmanage> = {}): ActionOnUnmanage => ({
  resources: 'delete',
  resourceGroups: 'delete',
  managementGroups: 'delete',
  resourcesWithoutDeleteSupport: 'fail',
  ...more,
});

describe('what leaves a stack', () => {
  it('is what it had and has no more, in any letter case', () => {
    assert.deepEqual(
      planLeaving(
        all,
        all.map((id) => id.toUpperCase()),
        action(),
      ),
      { deleted: [], detached: [] },
    );
    assert.deepEqual(planLeaving([account], [`${account}1`], action()).deleted, [account], 'a beside a1');
    assert.deepEqual(planLeaving([], [account], action()), { deleted: [], detached: [] });
  });

  it('is deleted with machines first, children before parents, groups last', () => {
    assert.deepEqual(planLeaving(all, [], action()).deleted, [machine, child, disk, account, group, management]);
  });

  it('is detached by its kind', () => {
    const detached = (more: Partial<ActionOnUnmanage>) => planLeaving(all, [], action(more)).detached;
    assert.deepEqual(detached({ resources: 'detach' }), [disk, account, child, machine]);
    assert.deepEqual(detached({ resourceGroups: 'detach' }), [group]);
    assert.deepEqual(detached({ managementGroups: 'detach' }), [management]);
  });
});

describe('actionOnUnmanage', () => {
  it('is read in any letter case; what is not said is detached', () => {
    assert.deepEqual(parseActionOnUnmanage({ resources: 'Delete' }), {
      resources: 'delete',
      resourceGroups: 'detach',
      managementGroups: 'detach',
      resourcesWithoutDeleteSupport: 'fail',
    });
    const query = new Map([
      ['unmanageaction.resources', 'delete'],
      ['unmanageaction.resourceswithoutdeletesupport', 'detach'],
    ]);
    const read = parseUnmanageQuery(query);
    assert.ok('resources' in read);
    assert.deepEqual([read.resources, read.resourceGroups], ['delete', 'detach']);
    assert.equal(formatActionOnUnmanage(read)['resourcesWithoutDeleteSupport'], 'detach');
  });

  it('is refused with what would be right', () => {
    for (const wrong of [undefined, {}, { resources: 'drop' }, { resources: 'delete', resourceGroups: 1 }]) {
      const refused = parseActionOnUnmanage(wrong);
      assert.ok('refused' in refused);
      assert.match(refused.message, /'delete'/);
    }
    assert.ok('refused' in parseUnmanageQuery(new Map([['unmanageaction.resources', 'all']])));
  });
});
