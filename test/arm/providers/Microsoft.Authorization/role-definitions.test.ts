import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Call } from '../../../../src/arm/provider-contract.ts';
import { builtInRoles } from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { isGuid } from '../../../../src/core/rbac/guid.ts';
import {
  bodyOf,
  contributor,
  group1,
  group10,
  guid,
  listOf,
  machine,
  type OpenProvider,
  person,
  reader,
  refusalOf,
  stranger,
  subscription,
  vm,
  withProvider,
} from './provider-under-test.ts';

const customId = guid(500);
const custom = {
  name: customId,
  properties: {
    roleName: 'Restarter',
    type: 'CustomRole',
    description: '',
    assignableScopes: [group1],
    permissions: [{ actions: ['Microsoft.Compute/virtualMachines/restart/action'] }],
  },
};

describe('the built-in roles', () => {
  it('have Azure’s own GUIDs', () => {
    const known = {
      Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
      Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
      Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
      'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
      'Role Based Access Control Administrator': 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
      'Virtual Machine Contributor': '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
      'Virtual Machine Administrator Login': '1c0163c0-47e6-4577-8991-ea5c82e286e4',
      'Virtual Machine User Login': 'fb879df8-f326-4884-b1cf-06f3ad86be52',
      'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
      'Managed Identity Contributor': 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
      'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
    };
    const ids = new Map(builtInRoles().map((role) => [role.roleName, role.id]));
    for (const [roleName, id] of Object.entries(known)) assert.equal(ids.get(roleName), id, roleName);
  });

  it('are at least a hundred, with well-formed permissions and conditions', () => {
    assert.ok(builtInRoles().length >= 100, String(builtInRoles().length));
    for (const { roleName, description, assignableScopes, permissions } of builtInRoles()) {
      assert.ok(description !== '' && assignableScopes.length > 0, roleName);
      for (const permission of permissions) {
        const { actions, notActions, dataActions, notDataActions, condition, conditionVersion } = permission;
        for (const pattern of [...actions, ...notActions, ...dataActions, ...notDataActions]) {
          assert.match(pattern, /^(\*|[\w.*$-]+(\/[\w.*$-]+)+)$/, `${roleName}: ${pattern}`);
          assert.match(pattern, /(\/(read|write|delete|action)|\*)$/i, `${roleName}: ${pattern}`);
        }
        assert.equal(new Set(actions).size, actions.length, roleName);
        assert.equal(condition === undefined, conditionVersion === undefined, roleName);
      }
    }
  });

  it('whose permissions have a condition are shown with it and allow nothing', () =>
    withProvider(async ({ authorizer, roles, assign }) => {
      const conditional = builtInRoles().find(({ permissions }) => permissions[0]?.condition !== undefined);
      assert.ok(conditional !== undefined);
      const shown = bodyOf(await roles({ scope: group1, name: conditional.id })).properties['permissions'];
      assert.match(JSON.stringify(shown), /"condition":"\(\(!\(ActionMatches/);
      await assign({ scope: group1, name: guid(1), role: conditional.id, principal: machine });
      const action = 'Microsoft.Authorization/roleAssignments/write';
      assert.equal(authorizer.decide({ principalId: machine, action, scope: group1 }).allowed, false);
    }));

  it('have each a GUID and a name of its own, and something that they allow', () => {
    assert.equal(new Set(builtInRoles().map((role) => role.id)).size, builtInRoles().length);
    assert.equal(new Set(builtInRoles().map((role) => role.roleName)).size, builtInRoles().length);
    for (const role of builtInRoles()) {
      const [permission] = role.permissions;
      assert.ok(isGuid(role.id) && permission !== undefined, role.roleName);
      assert.ok(permission.actions.length + permission.dataActions.length > 0, role.roleName);
    }
  });
});

describe('a list of role definitions', () => {
  it('has the built-in ones at any scope, with ids of that scope', () =>
    withProvider(async ({ roles }) => {
      const [first] = listOf(await roles({ scope: vm }));
      assert.equal(
        first?.['id'],
        `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${first?.['name']}`,
      );
      assert.equal(listOf(await roles({ scope: '/' })).length, builtInRoles().length);
    }));

  it('with roleName has exactly that one, in any letter case', () =>
    withProvider(async ({ roles }) => {
      const found = listOf(await roles({ scope: group1, filter: "roleName eq 'reader'" }));
      assert.deepEqual(
        found.map((role) => role['name']),
        [reader],
      );
      assert.deepEqual(listOf(await roles({ scope: group1, filter: "roleName eq 'Read'" })), []);
    }));

  it('has custom roles where they are assignable, and above only with atScopeAndBelow()', () =>
    withProvider(async ({ roles, store }) => {
      const key = documentKey(`/providers/Microsoft.Authorization/roleDefinitions/${customId}`);
      await store.transact([{ put: key, body: custom }]);
      const filter = "type eq 'CustomRole'";
      const listed = async (scope: string, more = '') => listOf(await roles({ scope, filter: filter + more })).length;
      assert.equal(await listed(vm), 1);
      assert.equal(await listed(group10), 0);
      assert.equal(await listed(subscription), 0);
      assert.equal(await listed(subscription, ' and atScopeAndBelow()'), 1);
    }));
});

describe('role definitions at the tenant', () => {
  const withCustomRole = (work: (open: OpenProvider) => Promise<void>) =>
    withProvider(async (open) => {
      const key = documentKey(`/providers/Microsoft.Authorization/roleDefinitions/${customId}`);
      await open.store.transact([{ put: key, body: custom }]);
      await work(open);
    });

  it('are answered to a caller without a role at the tenant, and at other scopes are not', () =>
    withCustomRole(async ({ provider }) => {
      const reads = provider.resourceTypes
        .find(({ type }) => type === 'roleDefinitions')
        ?.operations.filter(({ method }) => method === 'GET');
      assert.equal(reads?.length, 2);
      for (const { mayWithout } of reads ?? []) {
        assert.equal(await mayWithout?.({ params: { scope: '/' } } as unknown as Call), true);
        assert.equal(await mayWithout?.({ params: { scope: subscription } } as unknown as Call), false);
      }
    }));

  it('have the custom roles that the caller may read where they are assignable', () =>
    withCustomRole(async ({ roles, assign }) => {
      const listed = async (caller: string, filter: string) =>
        listOf(await roles({ scope: '/', filter, caller })).map((role) => role['name']);
      const get = (caller: string) => roles({ scope: '/', name: customId, caller });
      await assign({ scope: group1, name: guid(1), role: reader, principal: machine });
      await assign({ scope: group10, name: guid(2), role: reader, principal: person });
      assert.deepEqual(await listed(machine, "type eq 'CustomRole'"), [customId]);
      assert.deepEqual(await listed(machine, "roleName eq 'Restarter'"), [customId]);
      assert.deepEqual(await listed(person, "type eq 'CustomRole'"), []);
      assert.deepEqual(await listed(stranger, "roleName eq 'Reader'"), [reader]);
      assert.equal(bodyOf(await get(machine)).properties['roleName'], 'Restarter');
      assert.equal(refusalOf(await get(person))[0], 'RoleDefinitionNotFound');
    }));
});

describe('GET of one role definition', () => {
  it('answers its permissions at the tenant and in a subscription', () =>
    withProvider(async ({ roles }) => {
      const atTenant = bodyOf(await roles({ scope: '/', name: contributor }));
      assert.equal(atTenant['id'], `/providers/Microsoft.Authorization/roleDefinitions/${contributor}`);
      assert.equal(atTenant.properties['roleName'], 'Contributor');
      assert.equal(atTenant.properties['type'], 'BuiltInRole');
      const [permission] = atTenant.properties['permissions'] as unknown as [
        { actions: string[]; notActions: string[] },
      ];
      assert.deepEqual(permission.actions, ['*']);
      assert.equal(permission.notActions[1], 'Microsoft.Authorization/*/Write');
      const inSubscription = bodyOf(await roles({ scope: subscription, name: contributor.toUpperCase() }));
      assert.ok(String(inSubscription['id']).startsWith(subscription));
    }));

  it('refuses one that does not exist', () =>
    withProvider(async ({ roles }) => {
      assert.equal(refusalOf(await roles({ scope: '/', name: guid(9) }))[0], 'RoleDefinitionNotFound');
    }));
});

describe('permissions', () => {
  it('has one entry for each role that the caller holds at the scope or above', () =>
    withProvider(async ({ permissions, assign }) => {
      await assign({ scope: subscription, name: guid(1), role: reader, principal: machine });
      await assign({ scope: group1, name: guid(2), role: contributor, principal: machine });
      const held = async (scope: string) =>
        listOf(await permissions({ scope, caller: machine })).map((one) => one['actions']);
      assert.deepEqual(await held(vm), [['*/read'], ['*']]);
      assert.deepEqual(await held(group10), [['*/read']]);
      assert.deepEqual(await held('/'), []);
    }));
});

describe('deny assignments', () => {
  const id = `${group1}/providers/Microsoft.Authorization/denyAssignments/${guid(1)}`;
  const deny = {
    id,
    name: guid(1),
    properties: {
      denyAssignmentName: 'lock',
      scope: group1,
      principals: [{ id: machine }],
      permissions: [{ actions: ['*'] }],
    },
  };

  it('are listed at, above and below a scope', () =>
    withProvider(async ({ denials, store }) => {
      assert.deepEqual(listOf(await denials({ scope: subscription })), []);
      await store.transact([{ put: documentKey(id), body: deny }]);
      const count = async (scope: string, filter?: string) =>
        listOf(await denials({ scope, ...(filter === undefined ? {} : { filter }) })).length;
      assert.equal(await count(subscription), 1);
      assert.equal(await count(subscription, 'atScope()'), 0);
      assert.equal(await count(vm, `principalId eq '${machine}'`), 1);
      assert.equal(await count(vm, `principalId eq '${guid(3)}'`), 0);
      assert.equal(await count(group10), 0);
    }));

  it('are answered one by one', () =>
    withProvider(async ({ denials, store }) => {
      assert.equal(refusalOf(await denials({ scope: group1, name: guid(1) }))[0], 'DenyAssignmentNotFound');
      await store.transact([{ put: documentKey(id), body: deny }]);
      assert.equal(bodyOf(await denials({ scope: group1, name: guid(1) })).properties['denyAssignmentName'], 'lock');
    }));
});
