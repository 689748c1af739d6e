import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentKey } from '../../../../src/core/ports/store.ts';
import * as given from './provider-under-test.ts';
import {
  bodyOf,
  contributor,
  group1,
  group10,
  guid,
  machine,
  reader,
  refusalOf,
  vm,
  wanted,
  withProvider,
} from './provider-under-test.ts';

const name = guid(1);

describe('PUT of a role assignment', () => {
  it('answers 201 with the assignment, its role spelled for the scope and its times and authors', () =>
    withProvider(async ({ put }) => {
      const answer = await put({ scope: group1, name, body: wanted(reader, machine), now: Date.UTC(2026, 10, 23) });
      assert.ok('status' in answer && answer.status === 201);
      assert.deepEqual(answer.body, {
        id: `${group1}/providers/Microsoft.Authorization/roleAssignments/${name}`,
        name,
        type: 'Microsoft.Authorization/roleAssignments',
        properties: {
          roleDefinitionId: `${given.subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
          principalId: machine,
          principalType: 'ServicePrincipal',
          scope: group1,
          condition: null,
          conditionVersion: null,
          createdOn: '2026-11-23T00:00:00.0000000Z',
          updatedOn: '2026-11-23T00:00:00.0000000Z',
          createdBy: given.admin,
          updatedBy: given.admin,
          delegatedManagedIdentityResourceId: null,
          description: null,
        },
      });
    }));

  it('is in force when it answers', () =>
    withProvider(async ({ put, authorizer }) => {
      await put({ scope: group1, name, body: wanted(reader, machine) });
      const action = 'Microsoft.Compute/virtualMachines/read';
      assert.ok(authorizer.decide({ principalId: machine, action, scope: vm }).allowed);
      assert.ok(!authorizer.decide({ principalId: machine, action, scope: group10 }).allowed);
    }));

  for (const scope of ['/', given.subscription, group1, vm]) {
    it(`takes the scope ${scope.replace(given.subscription, '{subscription}')}`, () =>
      withProvider(async ({ put }) => {
        const body = bodyOf(await put({ scope, name, body: wanted(reader, machine) }));
        assert.equal(body.properties['scope'], scope);
      }));
  }

  it('takes any prefix before the role’s GUID, and any letter case', () =>
    withProvider(async ({ put }) => {
      const roleDefinitionId = `/providers/microsoft.authorization/roledefinitions/${reader.toUpperCase()}`;
      const body = bodyOf(
        await put({ scope: group1, name, body: { properties: { roleDefinitionId, principalId: machine } } }),
      );
      assert.match(
        String(body.properties['roleDefinitionId']),
        new RegExp(`^${given.subscription}/providers/.*/${reader}$`),
      );
    }));

  it('leaves out what older api-versions do not have', () =>
    withProvider(async ({ put }) => {
      const old = bodyOf(await put({ scope: group1, name, body: wanted(reader, machine), apiVersion: '2015-07-01' }));
      assert.ok(!('principalType' in old.properties) && !('description' in old.properties));
      const newer = bodyOf(
        await put({ scope: group1, name, body: wanted(reader, machine), apiVersion: '2018-09-01-preview' }),
      );
      assert.ok('principalType' in newer.properties && !('description' in newer.properties));
    }));

  it('may be repeated, changing nothing', () =>
    withProvider(async ({ put }) => {
      const first = bodyOf(await put({ scope: group1, name, body: wanted(reader, machine), now: 1 }));
      const second = await put({ scope: group1, name, body: wanted(reader, machine), now: 2 });
      assert.ok('status' in second && second.status === 201);
      assert.deepEqual(second.body, first);
    }));

  it('updates the description in place', () =>
    withProvider(async ({ put }) => {
      await put({ scope: group1, name, body: wanted(reader, machine), now: 1 });
      const body = bodyOf(
        await put({ scope: group1, name, body: wanted(reader, machine, { description: 'why' }), now: 2000 }),
      );
      assert.equal(body.properties['description'], 'why');
      assert.equal(body.properties['createdOn'], '1970-01-01T00:00:00.0010000Z');
      assert.equal(body.properties['updatedOn'], '1970-01-01T00:00:02.0000000Z');
    }));

  it('takes a principal that the directory does not have when its type is given', () =>
    withProvider(async ({ put }) => {
      const body = wanted(reader, given.stranger, { principalType: 'ServicePrincipal' });
      assert.equal(bodyOf(await put({ scope: group1, name, body })).properties['principalType'], 'ServicePrincipal');
    }));
});

describe('PUT of a role assignment refuses', () => {
  const refused = (
    asked: Partial<Parameters<given.OpenProvider['put']>[0]>,
    expected: readonly [string, string | RegExp],
  ) =>
    withProvider(async ({ put, store }) => {
      const before = (await store.list(documentKey('/'))).length;
      const [code, message] = refusalOf(await put({ scope: group1, name, body: wanted(reader, machine), ...asked }));
      assert.equal(code, expected[0]);
      if (typeof expected[1] === 'string') assert.equal(message, expected[1]);
      else assert.match(message, expected[1]);
      assert.equal((await store.list(documentKey('/'))).length, before);
    });

  it('a name that is no GUID', () =>
    refused({ name: 'x' }, [
      'InvalidRoleAssignmentId',
      "The role assignment ID 'x' is not valid. The role assignment ID must be a GUID.",
    ]));

  it('a role that does not exist', () =>
    refused({ body: wanted(guid(77), machine) }, [
      'RoleDefinitionDoesNotExist',
      "The specified role definition with ID '0000000000004000800000000000004d' does not exist.",
    ]));

  it('a role at a scope that is not among its assignable ones', () =>
    refused({ body: wanted('a8889054-8d42-49c9-bc1c-52486c10e7cd', machine) }, [
      'RoleAssignmentScopeNotAssignable',
      /Reservations Administrator/,
    ]));

  it('a principal that does not exist, in the words that az waits for', () =>
    refused({ body: wanted(reader, given.stranger) }, [
      'PrincipalNotFound',
      new RegExp(`^Principal dddddddd000040008000000000000004 does not exist in the directory ${given.tenantId}\\. `),
    ]));

  it('a principal of another type', () =>
    refused({ body: wanted(reader, machine, { principalType: 'User' }) }, [
      'UnmatchedPrincipalType',
      /has type 'ServicePrincipal'/,
    ]));

  for (const [what, body] of Object.entries({
    'no body': undefined,
    'a body without properties': { principalId: machine },
    'properties of another kind': { properties: 'x' },
    'an unknown principal type': wanted(reader, machine, { principalType: 'Robot' }),
  })) {
    it(what, () =>
      withProvider(async ({ put }) => {
        const asked = { scope: group1, name, ...(body === undefined ? {} : { body }) };
        assert.equal(refusalOf(await put(asked))[0], 'InvalidRequestContent');
      }),
    );
  }

  it('a principal id or role id that is no GUID', async () => {
    await refused({ body: wanted(reader, 'alice') }, ['InvalidPrincipalId', /'alice' is not a GUID/]);
    await refused({ body: wanted('Reader', machine) }, ['InvalidRoleDefinitionId', /roleDefinitions\/Reader'/]);
  });

  it('a scope that does not exist', async () => {
    await refused({ scope: `${vm}x` }, [
      'ResourceNotFound',
      "The Resource 'Microsoft.Compute/virtualMachines/web-1x' under resource group 'rg1' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    ]);
    await refused({ scope: `${group1}x` }, ['ResourceGroupNotFound', "Resource group 'rg1x' could not be found."]);
    await refused({ scope: '/subscriptions/x' }, ['SubscriptionNotFound', "The subscription 'x' could not be found."]);
  });
});

describe('a role assignment is one of its kind', () => {
  it('under another name the same triple is a conflict that names the first', () =>
    withProvider(async ({ put, assign }) => {
      await assign({ scope: group1, name, role: reader, principal: machine });
      const again = await put({
        scope: group1.toUpperCase(),
        name: guid(2),
        body: wanted(reader.toUpperCase(), machine.toUpperCase()),
      });
      assert.deepEqual(refusalOf(again), [
        'RoleAssignmentExists',
        'The role assignment already exists. The ID of the existing role assignment is 00000000000040008000000000000001.',
      ]);
    }));

  it('differs by any of role, principal and scope', () =>
    withProvider(async ({ assign }) => {
      await assign({ scope: group1, name, role: reader, principal: machine });
      await assign({ scope: group1, name: guid(2), role: contributor, principal: machine });
      await assign({ scope: group1, name: guid(3), role: reader, principal: given.person });
      await assign({ scope: group10, name: guid(4), role: reader, principal: machine });
    }));

  it('its name cannot be used again for another role, principal or scope', () =>
    withProvider(async ({ put, assign }) => {
      await assign({ scope: group1, name, role: reader, principal: machine });
      for (const [scope, role, principal] of [
        [group1, contributor, machine],
        [group1, reader, given.person],
        [group10, reader, machine],
      ] as const) {
        assert.deepEqual(refusalOf(await put({ scope, name, body: wanted(role, principal) })), [
          'RoleAssignmentUpdateNotPermitted',
          'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
        ]);
      }
    }));

  it('of many made at once exactly one wins', () =>
    withProvider(async ({ put, authorizer }) => {
      const names = Array.from({ length: 8 }, (_, at) => guid(at + 1));
      const answers = await Promise.all(
        names.map((one) => put({ scope: group1, name: one, body: wanted(reader, machine) })),
      );
      assert.equal(answers.filter((answer) => 'status' in answer).length, 1);
      assert.ok(answers.every((answer) => 'status' in answer || answer.refused === 'RoleAssignmentExists'));
      assert.deepEqual(authorizer.scopesOf(machine), [group1]);
    }));

  it('of one name at two scopes at once exactly one wins', () =>
    withProvider(async ({ put }) => {
      const answers = await Promise.all(
        [group1, group10].map((scope) => put({ scope, name, body: wanted(reader, machine) })),
      );
      assert.equal(answers.filter((answer) => 'status' in answer).length, 1);
    }));

  it('may be made again after its scope was deleted', () =>
    withProvider(async ({ put, assign, store }) => {
      await assign({ scope: vm, name, role: reader, principal: machine });
      await store.transact([{ removeTree: documentKey(vm) }]);
      await store.transact([{ put: documentKey(vm), body: { id: vm } }]);
      assert.ok('status' in (await put({ scope: vm, name: guid(2), body: wanted(reader, machine) })));
      assert.ok('status' in (await put({ scope: group1, name, body: wanted(contributor, machine) })));
      assert.equal(
        refusalOf(await put({ scope: vm, name: guid(3), body: wanted(reader, machine) }))[0],
        'RoleAssignmentExists',
      );
    }));

  it('leaves no claim behind when its group is torn down', () =>
    withProvider(async ({ assign, provider, store }) => {
      const { id } = await assign({ scope: vm, name, role: reader, principal: machine });
      const writes = await provider.teardown?.['microsoft.authorization/roleassignments']?.(String(id));
      assert.ok(Array.isArray(writes));
      await store.transact([...writes, { removeTree: documentKey(group1) }]);
      assert.deepEqual(await store.list(documentKey('/authorization')), []);
    }));
});
