import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentKey } from '../../../../src/core/ports/store.ts';
import * as given from './provider-under-test.ts';
import {
  bodyOf,
  group1,
  group10,
  guid,
  listOf,
  machine,
  owner,
  person,
  reader,
  refusalOf,
  subscription,
  team,
  vm,
  withProvider,
} from './provider-under-test.ts';

const atTenant = guid(1);
const atSubscription = guid(2);
const atGroup = guid(3);
const atMachine = guid(4);
const atOtherGroup = guid(5);

async function seeded(work: (open: given.OpenProvider) => Promise<void>): Promise<void> {
  await withProvider(async (open) => {
    await open.assign({ scope: '/', name: atTenant, role: reader, principal: machine });
    await open.assign({ scope: subscription, name: atSubscription, role: reader, principal: team });
    await open.assign({ scope: group1, name: atGroup, role: reader, principal: person });
    await open.assign({ scope: vm, name: atMachine, role: reader, principal: machine });
    await open.assign({ scope: group10, name: atOtherGroup, role: reader, principal: machine });
    await work(open);
  });
}

const names = (rows: readonly { readonly [key: string]: unknown }[]) => rows.map((row) => row['name']);

describe('a list of role assignments', () => {
  const listed = (scope: string, filter: string | undefined, expected: readonly string[]) =>
    seeded(async ({ get }) => {
      const answer = await get({ scope, ...(filter === undefined ? {} : { filter }) });
      assert.deepEqual(names(listOf(answer)), expected);
    });

  it('has those at the scope, above it and below it', () =>
    listed(group1, undefined, [atTenant, atSubscription, atGroup, atMachine]));

  it('at the tenant has all', () =>
    listed('/', undefined, [atTenant, atSubscription, atGroup, atMachine, atOtherGroup]));

  it('with atScope() leaves out those below', () => listed(group1, 'atScope()', [atTenant, atSubscription, atGroup]));

  it('with atScope() keeps ancestors of a resource, not its neighbours', () =>
    listed(vm.toUpperCase(), 'atScope()', [atTenant, atSubscription, atGroup, atMachine]));

  it('with principalId has only the principal’s own', () =>
    listed(subscription, `principalId eq '${person}'`, [atGroup]));

  it('with principalId takes the id without quotes', () => listed(subscription, `principalId eq ${person}`, [atGroup]));

  it('with assignedTo() has those of its groups too', () =>
    listed(subscription, `assignedTo('${person}')`, [atSubscription, atGroup]));

  it('takes atScope() and assignedTo() together, as az sends them', () =>
    listed(subscription, `atScope() and assignedTo('${person}')`, [atSubscription]));

  it('refuses a filter that it does not know', () =>
    seeded(async ({ get }) => {
      for (const filter of [
        "roleName eq 'x'",
        'atScope() or atScope()',
        'atScope() and',
        "principalId ne 'x'",
        '(',
        "atScope('x')",
        "atScope eq 'x'",
        'assignedTo()',
        "assignedTo eq 'x'",
        "principalId('x')",
      ]) {
        const [code, message] = refusalOf(await get({ scope: group1, filter }));
        assert.equal(code, 'InvalidFilterInQueryString', filter);
        assert.match(message, /atScope\(\), assignedTo\('objectId'\), principalId eq 'objectId'\.$/);
      }
    }));

  it('spells role ids for the scope that was asked, so that az finds their names', () =>
    seeded(async ({ get, roles }) => {
      for (const scope of ['/', subscription, vm]) {
        const ids = new Set(listOf(await roles({ scope })).map((role) => role['id']));
        for (const row of listOf(await get({ scope })))
          assert.ok(ids.has(row.properties['roleDefinitionId'] as string));
      }
    }));

  it('keeps those of deleted principals', () =>
    withProvider(async ({ put, get }) => {
      const body = given.wanted(reader, given.stranger, { principalType: 'User' });
      await put({ scope: group1, name: guid(1), body });
      assert.equal(listOf(await get({ scope: group1 })).length, 1);
    }));
});

describe('GET of one role assignment', () => {
  it('answers it at its own scope, in any letter case', () =>
    seeded(async ({ get }) => {
      assert.equal(bodyOf(await get({ scope: group1.toUpperCase(), name: atGroup })).properties['principalId'], person);
    }));

  it('does not find it at another scope', () =>
    seeded(async ({ get }) => {
      assert.deepEqual(refusalOf(await get({ scope: subscription, name: atGroup })), [
        'RoleAssignmentNotFound',
        `The role assignment '${atGroup}' is not found.`,
      ]);
    }));
});

describe('DELETE of a role assignment', () => {
  it('answers 200 with what it was, then 204', () =>
    seeded(async ({ remove, get, authorizer }) => {
      const answer = await remove({ scope: group1, name: atGroup });
      assert.ok('status' in answer && answer.status === 200);
      assert.equal(bodyOf(answer).properties['principalId'], person);
      assert.deepEqual(await remove({ scope: group1, name: atGroup }), { status: 204 });
      assert.equal(refusalOf(await get({ scope: group1, name: atGroup }))[0], 'RoleAssignmentNotFound');
      assert.deepEqual(authorizer.scopesOf(person), [subscription]);
    }));

  it('leaves its name and triple free', () =>
    seeded(async ({ remove, assign, store }) => {
      const before = (await store.list(documentKey('/authorization'))).length;
      await remove({ scope: group1, name: atGroup });
      assert.equal((await store.list(documentKey('/authorization'))).length, before - 2);
      await assign({ scope: group1, name: guid(9), role: reader, principal: person });
    }));

  it('refuses the last Owner of a subscription', () =>
    withProvider(async ({ remove, assign }) => {
      await assign({ scope: subscription, name: guid(1), role: owner, principal: machine });
      await assign({ scope: group1, name: guid(2), role: owner, principal: person });
      assert.deepEqual(refusalOf(await remove({ scope: subscription, name: guid(1) })), [
        'CannotDeleteLastRbacAdminAssignment',
        'Cannot delete the last RBAC admin assignment',
      ]);
      assert.ok('status' in (await remove({ scope: group1, name: guid(2) })));
    }));

  it('of the last two Owners at once takes one only', () =>
    withProvider(async ({ remove, assign, get }) => {
      await assign({ scope: subscription, name: guid(1), role: owner, principal: machine });
      await assign({ scope: subscription, name: guid(2), role: owner, principal: person });
      const answers = await Promise.all([1, 2].map((number) => remove({ scope: subscription, name: guid(number) })));
      assert.equal(answers.filter((answer) => 'status' in answer && answer.status === 200).length, 1);
      assert.equal(listOf(await get({ scope: subscription })).length, 1);
    }));
});
