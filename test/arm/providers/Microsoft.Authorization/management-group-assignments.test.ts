import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatManagementGroup,
  formatManagementGroupId,
  rootManagementGroup,
  subscriptionEntryKey,
} from '../../../../src/core/management/management-group.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { nameOf } from '../../../../src/core/resource-id.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';
import {
  bodyOf,
  group1,
  guid,
  listOf,
  machine,
  type OpenProvider,
  reader,
  refusalOf,
  subscription,
  tenantId,
  wanted,
  withProvider,
} from './provider-under-test.ts';

const root = formatManagementGroupId(tenantId);
const top = formatManagementGroupId('top');
const child = formatManagementGroupId('child');
const beside = formatManagementGroupId('beside');

/** root > top > child > the subscription; root > beside. */
async function plant({ store }: OpenProvider): Promise<void> {
  const made = (name: string, parent: string) => {
    const group = {
      ...rootManagementGroup(tenantId, 0 as EpochMillis),
      id: formatManagementGroupId(name),
      name,
      parent,
    };
    return { put: documentKey(group.id), body: formatManagementGroup(group) };
  };
  const entry = { put: subscriptionEntryKey(nameOf(subscription)), body: { managementGroup: 'child' } };
  await store.transact([made('top', tenantId), made('child', 'top'), made('beside', tenantId), entry]);
}

describe('role assignments at management groups', () => {
  const scopes = ['/', root, top, child, beside, subscription, group1];

  const listed = async ({ send }: OpenProvider, scope: string, filter?: string) =>
    listOf(await send('roleAssignments', 'GET', { scope, ...(filter === undefined ? {} : { filter }) }))
      .map(({ properties }) => scopes.indexOf(String(properties['scope'])))
      .toSorted();

  it('are listed at, above and below a scope of the tree, with atScope() not below', () =>
    withProvider(async (open) => {
      await plant(open);
      for (const [at, scope] of scopes.entries()) {
        await open.assign({ scope, name: guid(at), role: reader, principal: machine });
      }
      assert.deepEqual(await listed(open, '/'), [0, 1, 2, 3, 4, 5, 6]);
      assert.deepEqual(await listed(open, top), [0, 1, 2, 3, 5, 6]);
      assert.deepEqual(await listed(open, top, 'atScope()'), [0, 1, 2]);
      assert.deepEqual(await listed(open, beside), [0, 1, 4]);
      assert.deepEqual(await listed(open, group1, 'atScope()'), [0, 1, 2, 3, 5, 6]);
      assert.deepEqual(await listed(open, top, `principalId eq '${machine}'`), [0, 1, 2, 3, 5, 6]);
      assert.deepEqual(await listed(open, subscription, `atScope() and assignedTo('${machine}')`), [0, 1, 2, 3, 5]);
    }));

  it('take custom roles that are assignable at a group above, and not those of one beside', () =>
    withProvider(async (open) => {
      await plant(open);
      const permissions = [{ actions: ['Microsoft.Compute/virtualMachines/read'] }];
      for (const [at, scope] of [top, beside].entries()) {
        const properties = { roleName: `of ${nameOf(scope)}`, assignableScopes: [scope], permissions };
        bodyOf(await open.putRole({ scope, name: guid(900 + at), body: { properties } }));
      }
      bodyOf(await open.put({ scope: group1, name: guid(1), body: wanted(guid(900), machine) }));
      const refusal = refusalOf(await open.put({ scope: group1, name: guid(2), body: wanted(guid(901), machine) }));
      assert.equal(refusal[0], 'RoleAssignmentScopeNotAssignable');
      const names = async (scope: string) =>
        listOf(await open.roles({ scope, filter: "type eq 'CustomRole'" })).map(
          ({ properties }) => properties['roleName'],
        );
      assert.deepEqual(await names(subscription), ['of top']);
      assert.deepEqual(await names(beside), ['of beside']);
    }));

  it('refuse a management group that is not there', () =>
    withProvider(async (open) => {
      const put = open.put({ scope: formatManagementGroupId('none'), name: guid(1), body: wanted(reader, machine) });
      assert.equal(refusalOf(await put)[0], 'ResourceNotFound');
    }));
});
