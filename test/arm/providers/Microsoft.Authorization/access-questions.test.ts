import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  elevateAccess,
  globalAdministratorAppRole,
} from '../../../../src/arm/providers/Microsoft.Authorization/elevate-access.ts';
import type { Json, JsonObject } from '../../../../src/core/json.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { openDoor } from '../../kit/door.ts';
import { application, tokenOf } from '../../kit/ports.ts';
import {
  admin,
  bodyOf,
  group1,
  guid,
  listOf,
  machine,
  type OpenProvider,
  person,
  reader,
  refusalOf,
  stranger,
  subscription,
  team,
  vm,
  withProvider,
} from './provider-under-test.ts';

const read = 'Microsoft.Compute/virtualMachines/read';
const restart = 'Microsoft.Compute/virtualMachines/restart/action';

describe('checkAccess', () => {
  const ask = ({ send }: OpenProvider, scope: string, body: Json) => send('checkAccess', 'POST', { scope, body });
  const question = (principalId: string, actions: readonly string[], more: JsonObject = {}): JsonObject => ({
    Subject: { Attributes: { ObjectId: principalId, 'xms-pasrp-retrievegroupmemberships': true } },
    Actions: actions.map((Id) => ({ Id, IsDataAction: false, Attributes: {} })),
    Resource: { Id: vm, Attributes: {} },
    ...more,
  });
  type Told = {
    accessDecision: string;
    actionId: string;
    roleAssignment: JsonObject | null;
    denyAssignment: JsonObject | null;
  }[];
  const told = async (open: OpenProvider, body: Json, scope = subscription) =>
    bodyOf(await ask(open, scope, body)) as unknown as Told;

  it('answers each action in turn, with what allows it', () =>
    withProvider(async (open) => {
      await open.assign({ scope: group1, name: guid(1), role: reader, principal: team });
      const [first, second] = await told(open, question(person, [read, restart]));
      assert.deepEqual([first?.actionId, first?.accessDecision], [read, 'Allowed']);
      assert.equal(first?.roleAssignment?.['principalId'], team);
      assert.deepEqual([second?.accessDecision, second?.roleAssignment], ['NotAllowed', null]);
      const [other] = await told(open, question(stranger, [read]));
      assert.equal(other?.accessDecision, 'NotAllowed');
    }));

  it('keeps data actions apart, and tells a deny assignment', () =>
    withProvider(async (open) => {
      await open.assign({ scope: group1, name: guid(1), role: reader, principal: machine });
      const [data] = await told(open, { ...question(machine, []), Actions: [{ Id: read, IsDataAction: true }] });
      assert.equal(data?.accessDecision, 'NotAllowed');
      const id = `${group1}/providers/Microsoft.Authorization/denyAssignments/${guid(3)}`;
      const properties = {
        denyAssignmentName: 'd',
        scope: group1,
        principals: [{ id: machine }],
        permissions: [{ actions: ['*'] }],
      };
      await open.store.transact([{ put: documentKey(id), body: { id, properties } }]);
      const [denied] = await told(open, question(machine, [read]));
      assert.deepEqual([denied?.accessDecision, denied?.denyAssignment?.['name']], ['Denied', 'd']);
    }));

  it('refuses what it cannot answer: no principal, no actions, patterns, a resource beside the scope', () =>
    withProvider(async (open) => {
      const bad: readonly Json[] = [
        {},
        question('someone', [read]),
        question(machine, []),
        question(machine, ['Microsoft.Compute/*']),
        question(machine, [read], { Resource: { Id: `${subscription}9` } }),
        question(
          machine,
          Array.from({ length: 1001 }, () => read),
        ),
      ];
      for (const body of bad) {
        assert.equal(
          refusalOf(await ask(open, subscription, body))[0],
          'InvalidRequestContent',
          JSON.stringify(body).slice(0, 80),
        );
      }
    }));
});

describe('elevateAccess', () => {
  const elevate = ({ send }: OpenProvider, caller: string) => send('elevateAccess', 'POST', { scope: '/', caller });
  const assign = { principalId: admin, action: 'Microsoft.Authorization/roleAssignments/write', scope: vm };

  it('makes a Global Administrator User Access Administrator of everything, once', () =>
    withProvider(async (open) => {
      assert.equal(open.authorizer.decide(assign).allowed, false);
      assert.deepEqual(await elevate(open, admin), { status: 200 });
      assert.deepEqual(await elevate(open, admin), { status: 200 });
      assert.ok(open.authorizer.decide(assign).allowed);
      const [made, ...others] = listOf(await open.send('roleAssignments', 'GET', { scope: '/', filter: 'atScope()' }));
      assert.equal(others.length, 0);
      assert.equal(made?.properties['scope'], '/');
      assert.match(String(made?.properties['roleDefinitionId']), /18d7d88d-d35e-4fb5-a5c3-7773c20a72d9$/);
    }));

  it('refuses everybody else, an Owner of the tenant too', () =>
    withProvider(async (open) => {
      assert.equal(refusalOf(await elevate(open, stranger))[0], 'AuthorizationFailed');
      assert.deepEqual(listOf(await open.send('roleAssignments', 'GET', { scope: '/' })), []);
    }));

  it('is in the activity log of the tenant, done or refused', async () => {
    const door = await openDoor((context) => [
      {
        namespace: 'Microsoft.Authorization',
        resourceTypes: [elevateAccess({ ...context, register: { assignmentsOf: () => [] } } as never)],
      },
    ]);
    const ask = (token: string) =>
      door.ask('POST', '/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01', { token });
    for (const [name, appRoles] of [
      ['administrator', [globalAdministratorAppRole]],
      ['somebody', []],
    ] as const) {
      door.principals.set(name, application(name, { appRoles }));
      door.tokens.set(name, tokenOf(name));
    }
    assert.equal((await ask('administrator')).status, 200);
    assert.equal((await ask('somebody')).status, 403);
    const told = door.events.map(({ caller, status, subscriptionId, body }) => [
      caller,
      status,
      subscriptionId,
      (body['authorization'] as JsonObject)['action'],
    ]);
    const action = 'Microsoft.Authorization/elevateAccess/action';
    assert.deepEqual(told, [
      ['administrator', 'Started', undefined, action],
      ['administrator', 'Succeeded', undefined, action],
      ['somebody', 'Started', undefined, action],
      ['somebody', 'Failed', undefined, action],
    ]);
    await door.close();
  });
});

describe('deny assignments', () => {
  const everyone = '00000000-0000-0000-0000-000000000000';
  const deny = (number: number, scope: string, principal: string) => {
    const id = `${scope}/providers/Microsoft.Authorization/denyAssignments/${guid(number)}`;
    const properties = {
      denyAssignmentName: `deny ${number}`,
      scope,
      principals: [{ id: principal }],
      permissions: [],
    };
    return { put: documentKey(id), body: { id, name: guid(number), properties } };
  };

  it('are listed at, above and below a scope, by name, by principal and by whom they apply to', () =>
    withProvider(async ({ store, denials }) => {
      await store.transact([deny(1, subscription, everyone), deny(2, group1, team), deny(3, vm, machine)]);
      const names = async (filter?: string) =>
        listOf(await denials({ scope: group1, ...(filter === undefined ? {} : { filter }) }))
          .map(({ properties }) => properties['denyAssignmentName'])
          .toSorted();
      assert.deepEqual(await names(), ['deny 1', 'deny 2', 'deny 3']);
      assert.deepEqual(await names('atScope()'), ['deny 1', 'deny 2']);
      assert.deepEqual(await names(`principalId eq '${machine}'`), ['deny 3']);
      assert.deepEqual(await names(`assignedTo('${person}')`), ['deny 1', 'deny 2']);
      assert.deepEqual(await names(`atScope() and assignedTo('${machine}')`), ['deny 1']);
      assert.deepEqual(await names("denyAssignmentName eq 'deny 2'"), ['deny 2']);
      assert.equal(refusalOf(await denials({ scope: group1, filter: 'x()' }))[0], 'InvalidFilterInQueryString');
    }));
});

describe('what else Microsoft.Authorization tells', () => {
  it('provider operations: the actions that are known, data actions marked', () =>
    withProvider(async ({ send }) => {
      const [own] = listOf(await send('providerOperations', 'GET', { scope: '/' })) as unknown as {
        name: string;
        resourceTypes: { name: string; operations: { name: string; isDataAction: boolean }[] }[];
      }[];
      assert.equal(own?.name, 'Microsoft.Authorization');
      const roles = own?.resourceTypes.find(({ name }) => name === 'roleAssignments');
      assert.deepEqual(
        roles?.operations.map(({ name }) => name.split('/').at(-1)),
        ['delete', 'read', 'write'],
      );
    }));

  it('classic administrators: none', () =>
    withProvider(async ({ send }) => {
      assert.deepEqual(listOf(await send('classicAdministrators', 'GET', { scope: subscription })), []);
    }));
});
