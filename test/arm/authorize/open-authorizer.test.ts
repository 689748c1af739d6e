import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAuthorizer } from '../../../src/arm/authorize/open-authorizer.ts';
import { openScopeHierarchy } from '../../../src/arm/containers/scope-hierarchy.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { documentKey, type Store, type Write } from '../../../src/core/ports/store.ts';
import type { RoleAssignment } from '../../../src/core/rbac/role-assignment.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { alice, assign, group1, group10, guid, operator, reader, role, team, vm } from '../../core/rbac/roles.ts';

const read = 'Microsoft.Compute/virtualMachines/read';
const restart = 'Microsoft.Compute/virtualMachines/restart/action';
const custom = role(guid(500), 'Restarter', { actions: [restart] });

function body({ id, ...properties }: RoleAssignment): JsonObject {
  const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${properties.roleDefinitionId}`;
  return { id, name: id.split('/').at(-1) ?? '', properties: { ...properties, roleDefinitionId } };
}

function put(assignment: RoleAssignment): Write {
  return { put: documentKey(assignment.id), body: body(assignment) };
}

async function open(store: Store, groups: readonly string[] = []) {
  const hierarchy = await openScopeHierarchy(store, guid(700));
  return openAuthorizer({ store, directory: { groupsOf: () => groups }, roles: [reader, operator], hierarchy });
}

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = openSqliteStore({ file: ':memory:' });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

describe('the authorizer', () => {
  it('reads what was stored before it opened', () =>
    withStore(async (store) => {
      await store.transact([put(assign(1, alice, reader, group1)), put(assign(2, alice, reader, '/'))]);
      const authorizer = await open(store);
      assert.ok(authorizer.decide({ principalId: alice, action: read, scope: group10 }).allowed);
      assert.deepEqual([...authorizer.scopesOf(alice)].sort(), ['/', group1]);
    }));

  it('reads every one of more role assignments than it reads at once', () =>
    withStore(async (store) => {
      const count = 10_001;
      const all = Array.from({ length: count }, (_, at) => assign(at + 1, guid(100_000 + at), reader, group1));
      await store.transact(all.map(put));
      const authorizer = await open(store);
      assert.equal(authorizer.assignmentsCountedAt(group1), count);
      for (const at of [0, 4_999, 5_000, 9_999, 10_000]) {
        assert.ok(authorizer.decide({ principalId: guid(100_000 + at), action: read, scope: vm }).allowed, String(at));
      }
    }));

  it('has a change in force when the transaction that made it resolves', () =>
    withStore(async (store) => {
      const authorizer = await open(store);
      const ask = () => authorizer.decide({ principalId: alice, action: read, scope: vm }).allowed;
      assert.ok(!ask());
      await store.transact([put(assign(1, alice, reader, group1))]);
      assert.ok(ask());
      await store.transact([{ removeTree: documentKey(group1) }]);
      assert.ok(!ask());
    }));

  it('misses no change that is made while it opens', () =>
    withStore(async (store) => {
      const opening = open(store);
      await store.transact([put(assign(1, alice, reader, group1)), put(assign(2, alice, reader, group10))]);
      await store.transact([{ remove: documentKey(assign(2, alice, reader, group10).id) }]);
      const authorizer = await opening;
      assert.deepEqual(authorizer.scopesOf(alice), [group1]);
    }));

  it('follows custom roles', () =>
    withStore(async (store) => {
      const authorizer = await open(store);
      const key = documentKey(`/providers/Microsoft.Authorization/roleDefinitions/${custom.id}`);
      const { id, type, ...properties } = custom;
      const ask = () => authorizer.decide({ principalId: alice, action: restart, scope: vm }).allowed;
      await store.transact([put(assign(1, alice, custom, group1))]);
      assert.ok(!ask());
      await store.transact([
        { put: key, body: { name: id, properties: { ...properties, type, permissions: [{ actions: [restart] }] } } },
      ]);
      assert.ok(ask());
      await store.transact([{ remove: key }]);
      assert.ok(!ask());
    }));

  it('follows deny assignments', () =>
    withStore(async (store) => {
      await store.transact([put(assign(1, alice, reader, group1))]);
      const authorizer = await open(store);
      const id = `${group1}/providers/Microsoft.Authorization/denyAssignments/${guid(9)}`;
      const properties = { scope: group1, principals: [{ id: alice }], permissions: [{ actions: ['*/read'] }] };
      await store.transact([{ put: documentKey(id), body: { id, name: guid(9), properties } }]);
      assert.equal(authorizer.decide({ principalId: alice, action: read, scope: vm }).because.kind, 'deniedBy');
      await store.transact([{ remove: documentKey(id) }]);
      assert.ok(authorizer.decide({ principalId: alice, action: read, scope: vm }).allowed);
    }));

  it("expands the principal's groups", () =>
    withStore(async (store) => {
      await store.transact([put(assign(1, team, operator, group1))]);
      const authorizer = await open(store, [team]);
      assert.ok(authorizer.decide({ principalId: alice, action: restart, scope: vm }).allowed);
      assert.deepEqual(authorizer.permissionsAt(alice, vm), operator.permissions);
      assert.deepEqual(authorizer.permissionsAt(alice, group10), []);
    }));

  it('passes over documents that only look like assignments', () =>
    withStore(async (store) => {
      const id = `${group1}/providers/Microsoft.Authorization/roleAssignments/not-a-guid`;
      await store.transact([{ put: documentKey(id), body: { id, properties: { principalId: alice } } }]);
      const authorizer = await open(store);
      assert.deepEqual(authorizer.scopesOf(alice), []);
    }));

  it('explains with the nearest of all assignments, however many there are', () =>
    withStore(async (store) => {
      const many = Array.from({ length: 200 }, (_, at) => assign(at, alice, reader, `${group10}x${at}`));
      await store.transact([put(assign(900, alice, operator, group10)), ...many.map(put)]);
      const authorizer = await open(store);
      const explanation = authorizer.explain({ principalId: alice, action: restart, scope: vm });
      assert.equal(explanation.allowed, false);
      assert.equal(explanation.roleName, 'Operator');
      assert.equal(explanation.assignmentScope, group10);
    }));

  it('stops following once closed', () =>
    withStore(async (store) => {
      const authorizer = await open(store);
      authorizer.close();
      await store.transact([put(assign(1, alice, reader, group1))]);
      assert.ok(!authorizer.decide({ principalId: alice, action: read, scope: vm }).allowed);
    }));
});
