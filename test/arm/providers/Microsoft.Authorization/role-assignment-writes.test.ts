import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { roleAssignmentWrites } from '../../../../src/arm/providers/Microsoft.Authorization/role-assignments/role-assignment-writes.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';
import {
  admin,
  bodyOf,
  guid,
  machine,
  owner,
  refusalOf,
  subscription,
  wanted,
  withProvider,
} from './provider-under-test.ts';

const seeded = {
  scope: subscription,
  roleDefinitionId: owner,
  principalId: machine,
  principalType: 'ServicePrincipal',
  name: guid(1),
  now: 5 as EpochMillis,
  createdBy: admin,
} as const;

describe('a seeded role assignment', () => {
  it('is what a PUT would have made', () =>
    withProvider(async ({ store, put, get, remove, authorizer }) => {
      await store.transact(roleAssignmentWrites(seeded));
      const made = bodyOf(await get({ scope: subscription, name: guid(1) }));
      assert.ok(authorizer.decide({ principalId: machine, action: 'a/write', scope: subscription }).allowed);
      assert.deepEqual(bodyOf(await put({ scope: subscription, name: guid(1), body: wanted(owner, machine) })), made);
      const again = await put({ scope: subscription, name: guid(2), body: wanted(owner, machine) });
      assert.equal(refusalOf(again)[0], 'RoleAssignmentExists');
      assert.equal(
        refusalOf(await remove({ scope: subscription, name: guid(1) }))[0],
        'CannotDeleteLastRbacAdminAssignment',
      );
    }));

  it('may be at the tenant', () =>
    withProvider(async ({ store, get }) => {
      await store.transact(roleAssignmentWrites({ ...seeded, scope: '/' }));
      assert.equal(bodyOf(await get({ scope: '/', name: guid(1) })).properties['scope'], '/');
    }));
});
