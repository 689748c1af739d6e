import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/core/json.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import {
  bodyOf,
  contributor,
  group1,
  group10,
  guid,
  listOf,
  machine,
  type OpenProvider,
  reader,
  refusalOf,
  stranger,
  subscription,
  vm,
  wanted,
  withProvider,
} from './provider-under-test.ts';

const restart = 'Microsoft.Compute/virtualMachines/restart/action';
const start = 'Microsoft.Compute/virtualMachines/start/action';
const id = guid(700);

function role(more: JsonObject = {}): JsonObject {
  const permissions = [{ actions: [restart], notActions: [], dataActions: [], notDataActions: [] }];
  return { properties: { roleName: 'Restarter', description: 'r', assignableScopes: [group1], permissions, ...more } };
}

function permitting(...actions: readonly string[]): JsonObject {
  return role({ permissions: [{ actions: [...actions] }] });
}

const make = ({ putRole }: OpenProvider, body: JsonObject, name = id) => putRole({ scope: group1, name, body });

describe('PUT of a custom role', () => {
  it('makes it: 201, with the id of the scope that was asked, and it can be assigned', () =>
    withProvider(async (open) => {
      const made = bodyOf(await make(open, role()));
      assert.equal(made['id'], `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`);
      assert.equal(made.properties['type'], 'CustomRole');
      assert.equal(made.properties['createdOn'], made.properties['updatedOn']);
      await open.assign({ scope: group1, name: guid(1), role: id, principal: machine });
      const may = (action: string, scope = vm) =>
        open.authorizer.decide({ principalId: machine, action, scope }).allowed;
      assert.ok(may(restart) && !may(start) && !may(restart, group10));
    }));

  it('changes it in place, with effect at once; who made it and when stays', () =>
    withProvider(async (open) => {
      await open.putRole({ scope: group1, name: id, body: role(), now: 1000, caller: stranger });
      await open.assign({ scope: group1, name: guid(1), role: id, principal: machine });
      const changed = bodyOf(
        await open.putRole({ scope: '/', name: id.toUpperCase(), body: permitting(start), now: 90_000 }),
      );
      assert.equal(changed.properties['createdBy'], stranger);
      assert.notEqual(changed.properties['createdOn'], changed.properties['updatedOn']);
      const may = (action: string) => open.authorizer.decide({ principalId: machine, action, scope: vm }).allowed;
      assert.ok(may(start) && !may(restart));
    }));

  it('takes a role that takes back all that it allows, as Azure does', () =>
    withProvider(async (open) => {
      const contradictory = role({ permissions: [{ actions: ['*'], notActions: ['*'] }] });
      bodyOf(await make(open, contradictory));
      await open.assign({ scope: group1, name: guid(1), role: id, principal: machine });
      assert.equal(open.authorizer.decide({ principalId: machine, action: restart, scope: vm }).allowed, false);
    }));

  it('refuses a name that another role has, in any letter case: a custom one or a built-in one', () =>
    withProvider(async (open) => {
      bodyOf(await make(open, role()));
      const again = refusalOf(await make(open, role({ roleName: 'RESTARTER' }), guid(701)));
      assert.equal(again[0], 'RoleDefinitionWithSameNameExists');
      assert.equal(refusalOf(await make(open, role({ roleName: 'reader' })))[0], 'RoleDefinitionWithSameNameExists');
      bodyOf(await make(open, role({ roleName: 'Renamed' })));
      bodyOf(await make(open, role(), guid(701)));
      assert.equal(refusalOf(await make(open, role()))[0], 'RoleDefinitionWithSameNameExists');
    }));

  it('refuses a GUID that is none, and to write a built-in role', () =>
    withProvider(async (open) => {
      assert.equal(refusalOf(await make(open, role(), 'restarter'))[0], 'InvalidRoleDefinitionId');
      assert.equal(refusalOf(await make(open, role(), reader))[0], 'RoleDefinitionUpdateNotPermitted');
      const builtIn = role({ type: 'BuiltInRole' });
      assert.match(refusalOf(await make(open, builtIn))[1], /'type'/);
    }));

  it('needs the permission on every assignable scope, those it has and those it shall have', () =>
    withProvider(async (open) => {
      bodyOf(await make(open, role()));
      const asked = { scope: group10, name: id, body: role({ assignableScopes: [group10] }) };
      const action = 'Microsoft.Authorization/roleDefinitions/write';
      assert.deepEqual(await open.linked('roleDefinitions', 'PUT', asked), [
        { action, scope: group1 },
        { action, scope: group10 },
      ]);
      assert.deepEqual(await open.linked('roleDefinitions', 'DELETE', { scope: group10, name: id }), [
        { action: 'Microsoft.Authorization/roleDefinitions/delete', scope: group1 },
      ]);
      assert.deepEqual(await open.linked('roleDefinitions', 'PUT', { ...asked, name: guid(9), body: {} }), []);
    }));

  it('refuses more than 5000 in a tenant; changing one of them is no more', () =>
    withProvider(async (open) => {
      const kept = Array.from({ length: 5000 }, (_, at) => guid(10_000 + at));
      await open.store.transact(
        kept.map((name) => ({
          put: documentKey(`/providers/Microsoft.Authorization/roleDefinitions/${name}`),
          body: { name, ...role({ roleName: name, type: 'CustomRole' }) },
        })),
      );
      assert.equal(refusalOf(await make(open, role()))[0], 'RoleDefinitionLimitExceeded');
      bodyOf(await make(open, role(), kept[7]));
      bodyOf(await open.removeRole({ scope: group1, name: kept[8] as string }));
      bodyOf(await make(open, role({ roleName: 'The last' })));
    }));
});

describe('the assignable scopes of a custom role', () => {
  const management = '/providers/Microsoft.Management/managementGroups';
  const refusals: readonly (readonly [string, unknown, RegExp])[] = [
    ['none', [], /at least one scope/],
    ['none at all', undefined, /at least one scope/],
    ['the root', ['/'], /root scope/],
    ['a wildcard', [`${subscription}/resourceGroups/*`], /wildcard/],
    ['what is no scope', ['subscriptions/x'], /'subscriptions\/x' is not a scope/],
    ['a number', [7], /not a scope/],
    [
      'a subscription that is not here',
      ['/subscriptions/22222222-0000-0000-0000-000000000002'],
      /does not exist in this tenant/,
    ],
    [
      'a group that is not here',
      [group1, `${subscription}/resourceGroups/rg2`],
      /assignableScopes\[1\].*does not exist/,
    ],
    ['a resource that is not here', [`${vm}0`], /does not exist/],
    ['two management groups', [`${management}/a`, `${management}/b`], /more than one management group/],
    ['more than 2000', Array.from({ length: 2001 }, () => group1), /at most 2000/],
  ];
  for (const [what, assignableScopes, message] of refusals) {
    it(`cannot be ${what}`, () =>
      withProvider(async (open) => {
        const refusal = refusalOf(await make(open, role({ assignableScopes: assignableScopes as never })));
        assert.equal(refusal[0], 'InvalidAssignableScope');
        assert.match(refusal[1], message);
      }));
  }

  it('can be a subscription, groups, resources and one management group', () =>
    withProvider(async (open) => {
      const mine = `${management}/mine`;
      await open.store.transact([{ put: documentKey(mine), body: { id: mine } }]);
      bodyOf(await make(open, role({ assignableScopes: [subscription, group1, group10, vm, mine] })));
    }));

  it('hold for assignments: not beside them, and with data actions not at a management group', () =>
    withProvider(async (open) => {
      const mine = `${management}/mine`;
      await open.store.transact([{ put: documentKey(mine), body: { id: mine } }]);
      const permissions = [{ dataActions: ['Microsoft.Storage/storageAccounts/read'] }];
      bodyOf(await make(open, role({ assignableScopes: [mine, group1], permissions })));
      const put = (scope: string) => open.put({ scope, name: guid(1), body: wanted(id, machine) });
      assert.equal(refusalOf(await put(mine))[0], 'InvalidCreateRoleAssignmentRequest');
      assert.equal(refusalOf(await put(group10))[0], 'RoleAssignmentScopeNotAssignable');
      bodyOf(await put(vm));
    }));
});

describe('the permissions of a custom role', () => {
  const list = (...actions: readonly unknown[]) => [{ actions }];
  const refusals: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['missing', undefined, 'InvalidRequestContent', /'permissions'/],
    ['an empty list', [], 'InvalidRequestContent', /at least one entry/],
    ['nothing that is allowed', [{ notActions: [restart] }], 'InvalidActionOrNotAction', /at least one action/],
    ['an empty text', list(restart, ''), 'InvalidActionOrNotAction', /permissions\[0\]\.actions\[1\].*empty/],
    ['blanks', list('   '), 'InvalidActionOrNotAction', /empty/],
    ['overlong', list(`Microsoft.X/${'a'.repeat(600)}/read`), 'InvalidActionOrNotAction', /at most 512/],
    ['with two wildcards', list('*/*'), 'InvalidActionOrNotAction', /more than one wildcard/],
    ['without a verb', list('Microsoft.Compute/virtualMachines/start'), 'InvalidActionOrNotAction', /must end in/],
    ['of one word', list('read'), 'InvalidActionOrNotAction', /not a permission/],
    [
      'with a blank inside',
      list('Microsoft.Compute/virtual machines/read'),
      'InvalidActionOrNotAction',
      /not a permission/,
    ],
    ['a number', list(7), 'InvalidActionOrNotAction', /must be like/],
    ['no list', [{ actions: restart }], 'InvalidRequestContent', /list of texts/],
    [
      'a data action that is none',
      [{ actions: [restart], notDataActions: ['x'] }],
      'InvalidDataActionOrNotDataAction',
      /notDataActions\[0\]/,
    ],
    ['with a condition', [{ actions: [restart], condition: '(true)' }], 'InvalidRequestContent', /condition/],
    ['more than 2048', list(...Array.from({ length: 2049 }, () => restart)), 'InvalidRequestContent', /2049 strings/],
  ];
  for (const [what, permissions, code, message] of refusals) {
    it(`cannot be ${what}`, () =>
      withProvider(async (open) => {
        const refusal = refusalOf(await make(open, role({ permissions: permissions as never })));
        assert.equal(refusal[0], code);
        assert.match(refusal[1], message);
        assert.deepEqual(listOf(await open.roles({ scope: group1, filter: "type eq 'CustomRole'" })), []);
      }));
  }

  it('can be anything with one wildcard, or the wildcard alone', () =>
    withProvider(async (open) => {
      const actions = [
        '*',
        '*/read',
        'Microsoft.Compute/*',
        'Microsoft.Authorization/*/Write',
        'microsoft.x/a/b/DELETE',
      ];
      bodyOf(await make(open, permitting(...actions)));
    }));

  it('leave name and description their bounds', () =>
    withProvider(async (open) => {
      for (const roleName of ['', ' ', 'n'.repeat(513), 7]) {
        assert.match(refusalOf(await make(open, role({ roleName })))[1], /'roleName'/);
      }
      const long = role({ description: 'd'.repeat(2049) });
      assert.match(refusalOf(await make(open, long))[1], /'description'/);
      bodyOf(await make(open, role({ roleName: 'n'.repeat(512), description: 'd'.repeat(2048) })));
    }));
});

describe('DELETE of a custom role', () => {
  it('answers 200 with what it was, then 204, and its name is free', () =>
    withProvider(async (open) => {
      bodyOf(await make(open, role()));
      const gone = await open.removeRole({ scope: group1, name: id });
      assert.equal(bodyOf(gone).properties['roleName'], 'Restarter');
      assert.deepEqual(await open.removeRole({ scope: group1, name: id }), { status: 204 });
      bodyOf(await make(open, role(), guid(701)));
    }));

  it('refuses one that is assigned somewhere, and no longer when the assignment is gone', () =>
    withProvider(async (open) => {
      bodyOf(await make(open, role()));
      await open.assign({ scope: vm, name: guid(1), role: id, principal: machine });
      assert.deepEqual(refusalOf(await open.removeRole({ scope: group1, name: id })), [
        'RoleDefinitionHasAssignments',
        'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).',
      ]);
      await open.remove({ scope: vm, name: guid(1) });
      bodyOf(await open.removeRole({ scope: group1, name: id }));
    }));

  it('refuses a built-in role, assigned or not', () =>
    withProvider(async (open) => {
      const refusal = refusalOf(await open.removeRole({ scope: group1, name: contributor }));
      assert.equal(refusal[0], 'RoleDefinitionUpdateNotPermitted');
    }));
});
