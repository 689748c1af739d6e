import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAuthorizer } from '../../../src/arm/authorize/open-authorizer.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';

const scope = '/subscriptions/6c4b7c0e-0000-4000-a000-000000000001';
const principalId = '6c4b7c0e-0000-4000-a000-0000000000bb';
const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/6c4b7c0e-0000-4000-a000-0000000000aa`;
const reader = {
  id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  roleName: 'Reader',
  type: 'BuiltInRole',
  description: '',
  assignableScopes: ['/'],
  permissions: [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }],
} as const;
const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${reader.id}`;
const properties = { roleDefinitionId, principalId, principalType: 'ServicePrincipal', scope };

async function opened() {
  const store = openSqliteStore({ file: ':memory:' });
  const directory = { groupsOf: () => [] };
  const authorizer = await openAuthorizer({ store, directory, roles: [reader], hierarchy: { ancestorsOf: () => [] } });
  const state = { millis: 1_000_000 };
  const clock = { now: () => state.millis as EpochMillis };
  const reads = () =>
    authorizer.decide({ principalId, action: 'Microsoft.Compute/virtualMachines/read', scope }).allowed;
  const put = () => store.transact([{ put: documentKey(id), body: { id, name: id.slice(-36), properties } }]);
  const remove = () => store.transact([{ remove: documentKey(id) }]);
  const close = async () => {
    authorizer.close();
    await store.close();
  };
  return { authorizer, state, clock, reads, put, remove, close };
}

describe('role assignments that take effect late', () => {
  it('allow when the delay has passed since they were made, and not a moment earlier', async () => {
    const { authorizer, state, clock, reads, put, close } = await opened();
    await authorizer.delayAssignments(60, clock);
    await put();
    state.millis += 59_999;
    assert.equal(reads(), false);
    assert.equal(authorizer.assignmentsOf([principalId]).length, 1, 'lists show it at once');
    state.millis += 1;
    assert.equal(reads(), true);
    await close();
  });

  it('go on allowing for as long when they are deleted', async () => {
    const { authorizer, state, clock, reads, put, remove, close } = await opened();
    await put();
    await authorizer.delayAssignments(60, clock);
    assert.equal(reads(), true, 'what there was is in force');
    await remove();
    state.millis += 59_999;
    assert.equal(reads(), true);
    state.millis += 1;
    assert.equal(reads(), false);
    await close();
  });

  it('take effect at once from when the delay is taken away', async () => {
    const { authorizer, clock, reads, put, remove, close } = await opened();
    await authorizer.delayAssignments(60, clock);
    await put();
    assert.equal(reads(), false);
    await authorizer.delayAssignments(0, clock);
    assert.equal(reads(), true);
    await remove();
    assert.equal(reads(), false);
    await close();
  });
});
