import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtInRoles } from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import { listRoles } from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/find-role.ts';
import {
  type ImportOutcome,
  importRoles,
} from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/import-roles.ts';
import { presentRole } from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/role-body.ts';
import type { Json, JsonObject } from '../../../../src/core/json.ts';
import type { Refusal } from '../../../../src/core/refusal.ts';
import {
  bodyOf,
  group1,
  group10,
  guid,
  machine,
  type OpenProvider,
  reader,
  subscription,
  vm,
  withProvider,
} from './provider-under-test.ts';

const deploy = 'Microsoft.Compute/virtualMachines/deploy/action';

/** As `az role definition list` prints a role. */
function printed(number: number, more: JsonObject = {}): JsonObject {
  return {
    id: `/providers/Microsoft.Authorization/roleDefinitions/${guid(number)}`,
    name: guid(number),
    type: 'Microsoft.Authorization/roleDefinitions',
    roleName: `Imported ${number}`,
    roleType: 'BuiltInRole',
    description: 'of a file',
    assignableScopes: ['/'],
    createdBy: null,
    createdOn: '2024-01-01T00:00:00+00:00',
    permissions: [
      {
        actions: [deploy],
        notActions: [],
        dataActions: [],
        notDataActions: [],
        condition: null,
        conditionVersion: null,
      },
    ],
    ...more,
  };
}

/** The same as Resource Manager answers it. */
function answered(number: number, more: JsonObject = {}): JsonObject {
  const { id, name, type, roleType, ...properties } = printed(number, more);
  return { id, name, type, properties: { ...properties, type: roleType } } as JsonObject;
}

function custom(number: number, more: JsonObject = {}): JsonObject {
  return printed(number, { roleType: 'CustomRole', assignableScopes: [group1], ...more });
}

const load = ({ store, hierarchy }: OpenProvider, ...entries: readonly Json[]) =>
  importRoles({ store, hierarchy }, entries);

function outcomeOf(outcome: ImportOutcome | Refusal): ImportOutcome {
  assert.ok(!('refused' in outcome), 'refused' in outcome ? outcome.message : '');
  return outcome;
}

/** Imports what must be refused; nothing of it may be there then. Answers the message. */
async function refused(open: OpenProvider, ...entries: readonly Json[]): Promise<string> {
  const before = await listRoles(open.store);
  const outcome = await load(open, ...entries);
  assert.ok('refused' in outcome, JSON.stringify(outcome));
  assert.deepEqual(await listRoles(open.store), before);
  return outcome.message;
}

describe('an import of roles', () => {
  it('takes them as az prints them and as Resource Manager answers them', () =>
    withProvider(async (open) => {
      const outcome = outcomeOf(await load(open, printed(1), answered(2), custom(3), answered(4, custom(4))));
      assert.deepEqual(outcome, { builtIn: 2, custom: 2, unchanged: 0 });
      const shown = bodyOf(await open.roles({ scope: group1, name: guid(2) }));
      assert.equal(shown.properties['type'], 'BuiltInRole');
      assert.equal(shown.properties['createdOn'], '2024-01-01T00:00:00+00:00');
      await open.assign({ scope: vm, name: guid(50), role: guid(1), principal: machine });
      const may = (action: string) => open.authorizer.decide({ principalId: machine, action, scope: vm }).allowed;
      assert.ok(may(deploy) && !may('Microsoft.Compute/virtualMachines/read'));
    }));

  it('takes hundreds at once, and the same file again changes nothing', () =>
    withProvider(async (open) => {
      const many = Array.from({ length: 900 }, (_, at) => printed(1000 + at));
      assert.deepEqual(outcomeOf(await load(open, ...many)), { builtIn: 900, custom: 0, unchanged: 0 });
      assert.deepEqual(outcomeOf(await load(open, ...many)), { builtIn: 0, custom: 0, unchanged: 900 });
      assert.equal((await listRoles(open.store)).length, builtInRoles().length + 900);
    }));

  it('puts a built-in role in place of the shipped one of its GUID; what is the same stays shipped', () =>
    withProvider(async (open) => {
      await open.assign({ scope: vm, name: guid(50), role: reader, principal: machine });
      const shipped = (await listRoles(open.store)).slice(0, 3).map((found) => presentRole(found, '/'));
      const newer = printed(0, { name: reader, roleName: 'Reader' });
      assert.deepEqual(outcomeOf(await load(open, newer)), { builtIn: 1, custom: 0, unchanged: 0 });
      assert.ok(open.authorizer.decide({ principalId: machine, action: deploy, scope: vm }).allowed);
      assert.equal(outcomeOf(await load(open, ...shipped.slice(0, 2))).unchanged, 2);
      const refusal = await open.removeRole({ scope: '/', name: reader });
      assert.ok('refused' in refusal, 'an imported built-in role is built-in');
    }));

  it('lets roles change names with each other', () =>
    withProvider(async (open) => {
      outcomeOf(await load(open, custom(1, { roleName: 'A' }), custom(2, { roleName: 'B' })));
      outcomeOf(await load(open, custom(1, { roleName: 'B' }), custom(2, { roleName: 'A' })));
      const body = { properties: custom(3, { roleName: 'a', type: 'CustomRole' }) };
      const taken = await open.putRole({ scope: group1, name: guid(3), body });
      assert.ok('refused' in taken && taken.refused === 'RoleDefinitionWithSameNameExists', JSON.stringify(taken));
    }));

  it('takes what Azure has and nobody could write here: several wildcards, roles that allow nothing', () =>
    withProvider(async (open) => {
      const odd = printed(1, { permissions: [{ actions: ['*/*/read', 'Microsoft.Network/virtualNetworks/read '] }] });
      outcomeOf(await load(open, odd, printed(2, { permissions: [] }), printed(3, { permissions: [{ actions: [] }] })));
    }));
});

describe('an import of roles with a wrong entry', () => {
  const wrong: readonly (readonly [string, Json, RegExp])[] = [
    ['no object', 'Reader', /^entry 2: .*not a role definition/],
    ['without a GUID', printed(9, { name: 'Reader' }), /^entry 2 \('Imported 9'\): The property 'name'/],
    ['without a name', printed(9, { roleName: '' }), /^entry 2 \(''\): The property 'roleName'/],
    ['without a type', printed(9, { roleType: null }), /'roleType'/],
    [
      'an overlong permission',
      printed(9, { permissions: [{ actions: ['a'.repeat(600)] }] }),
      /'permissions\[0\]\.actions\[0\]'.*at most 512/,
    ],
    [
      'an empty permission',
      printed(9, { permissions: [{ actions: [], dataActions: [''] }] }),
      /'permissions\[0\]\.dataActions\[0\]'/,
    ],
    ['permissions that are none', printed(9, { permissions: 'all' }), /'permissions'/],
    ['scopes that are none', printed(9, { assignableScopes: [7] }), /'assignableScopes'/],
    ['the same GUID twice', printed(1, { roleName: 'Other' }), /'name'.*that of entry 1/],
    ['the same name twice', printed(9, { roleName: 'IMPORTED 1' }), /'roleName'.*that of entry 1/],
    ['the name of a shipped role', printed(9, { roleName: 'owner' }), /'roleName'.*8e3af657/],
    ['a custom role at the root', custom(9, { assignableScopes: ['/'] }), /root scope/],
    [
      'a custom role of another tenant',
      custom(9, { assignableScopes: [`${subscription}9`] }),
      /'assignableScopes\[0\]'.*does not exist in this tenant/,
    ],
    ['a custom role that is built-in here', custom(0, { name: reader }), /'roleType'.*BuiltInRole here/],
  ];
  for (const [what, entry, message] of wrong) {
    it(`imports nothing and names the entry and the field: ${what}`, () =>
      withProvider(async (open) => {
        assert.match(await refused(open, printed(1), entry, custom(2)), message);
      }));
  }

  it('imports nothing where a custom role here has the name', () =>
    withProvider(async (open) => {
      outcomeOf(await load(open, custom(1, { roleName: 'Mine', assignableScopes: [group10] })));
      assert.match(await refused(open, printed(2), printed(3, { roleName: 'mine' })), /entry 2 \('mine'\)/);
    }));
});
