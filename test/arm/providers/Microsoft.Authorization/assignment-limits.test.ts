import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentKey } from '../../../../src/core/ports/store.ts';
import {
  bodyOf,
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
  wanted,
  withProvider,
} from './provider-under-test.ts';

const few = { perSubscription: 3, perManagementGroup: 2 };
const given = { principalType: 'ServicePrincipal' };

function put({ put: send }: OpenProvider, scope: string, number: number) {
  return send({ scope, name: guid(number), body: wanted(reader, guid(number), given) });
}

describe('the limit of role assignments', () => {
  it('counts those of a subscription, its groups and its resources, and not those above', () =>
    withProvider(async (open) => {
      bodyOf(await put(open, '/', 1));
      for (const [at, scope] of [subscription, group1, vm].entries()) bodyOf(await put(open, scope, 10 + at));
      assert.deepEqual(refusalOf(await put(open, group10, 20)), [
        'RoleAssignmentLimitExceeded',
        "The number of role assignments in this subscription exceeds limit of '3'.",
      ]);
      bodyOf(await put(open, '/', 2));
    }, few));

  it('leaves a change of what is there, and has room again when one is deleted', () =>
    withProvider(async (open) => {
      for (const number of [1, 2, 3]) bodyOf(await put(open, group1, number));
      const changed = wanted(reader, guid(1), { ...given, description: 'why' });
      bodyOf(await open.put({ scope: group1, name: guid(1), body: changed }));
      bodyOf(await open.remove({ scope: group1, name: guid(2) }));
      bodyOf(await put(open, vm, 4));
      assert.equal(refusalOf(await put(open, vm, 5))[0], 'RoleAssignmentLimitExceeded');
    }, few));

  it('is another one at a management group', () =>
    withProvider(async (open) => {
      const mine = '/providers/Microsoft.Management/managementGroups/mine';
      await open.store.transact([{ put: documentKey(mine), body: { id: mine } }]);
      for (const number of [1, 2]) bodyOf(await put(open, mine, number));
      assert.match(refusalOf(await put(open, mine, 3))[1], /in this management group exceeds limit of '2'/);
      bodyOf(await put(open, subscription, 4));
    }, few));

  it('holds for requests at once: exactly as many as have room are made', () =>
    withProvider(async (open) => {
      const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => put(open, group1, at)));
      assert.equal(answers.filter((answer) => !('refused' in answer)).length, few.perSubscription);
      assert.equal(listOf(await open.send('roleAssignments', 'GET', { scope: group1 })).length, few.perSubscription);
    }, few));
});

describe('250,000 role assignments on one subscription', () => {
  const count = 250_000;
  const principal = (at: number) => guid(1_000_000 + (at % 50_000));

  it('leave a PUT, a DELETE, a list of one principal and a page of all as fast as they were', () =>
    withProvider(
      async (open) => {
        for (let from = 0; from < count; from += 25_000) {
          await open.store.transact(Array.from({ length: 25_000 }, (_, at) => assignmentDocument(from + at)));
        }
        assert.equal(open.authorizer.assignmentsCountedAt(subscription), count);
        const started = performance.now();
        for (let number = 1; number <= 20; number += 1) bodyOf(await put(open, group1, number));
        assert.match(refusalOf(await put(open, group10, 30))[1], /exceeds limit of '250020'/);
        bodyOf(await open.remove({ scope: group1, name: guid(7) }));
        const mine = await open.send('roleAssignments', 'GET', {
          scope: subscription,
          filter: `principalId eq '${principal(3)}'`,
        });
        assert.equal(listOf(mine).length, 5);
        const page = bodyOf(await open.send('roleAssignments', 'GET', { scope: subscription, filter: 'atScope()' }));
        assert.equal((page['value'] as unknown as unknown[]).length, 1000);
        assert.match(String(page['nextLink']), /skiptoken/);
        // Reading all of them takes seconds; that none of these does so is what is held here.
        assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`);
      },
      { perSubscription: count + 20, perManagementGroup: 500 },
    ));

  function assignmentDocument(at: number) {
    const name = guid(2_000_000 + at);
    const id = `${subscription}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${reader}`;
    const properties = { roleDefinitionId, principalId: principal(at), principalType: 'User', scope: subscription };
    return { put: documentKey(id), body: { id, name, properties } };
  }
});

describe('a list of role assignments', () => {
  it('comes in pages that neither repeat nor leave out, in whatever order they were made', () =>
    withProvider(async (open) => {
      for (const [at, scope] of [vm, '/', subscription, group1, group10].entries()) {
        for (const number of [1, 2, 3]) bodyOf(await put(open, scope, 100 * at + number));
      }
      const seen: string[] = [];
      let token: Record<string, string> = {};
      for (;;) {
        const page = bodyOf(
          await open.send('roleAssignments', 'GET', { scope: group1, query: { $top: '4', ...token } }),
        );
        seen.push(...(page['value'] as unknown as { id: string }[]).map(({ id }) => id));
        if (page['nextLink'] === undefined) break;
        const parameters = [...new URLSearchParams(String(page['nextLink']))];
        token = Object.fromEntries(parameters.map(([name, value]) => [name.toLowerCase(), value]));
      }
      assert.equal(seen.length, 12, 'those at the group, above and below; not those beside it');
      assert.equal(new Set(seen).size, 12);
      assert.ok(!seen.some((id) => id.startsWith(`${group10}/`)));
    }));

  it('with atScope() and principalId together has what both have', () =>
    withProvider(async (open) => {
      await open.assign({ scope: subscription, name: guid(1), role: reader, principal: machine });
      await open.assign({ scope: vm, name: guid(2), role: reader, principal: machine });
      await open.assign({ scope: group1, name: guid(3), role: reader, principal: person });
      const ids = async (filter: string) =>
        listOf(await open.send('roleAssignments', 'GET', { scope: group1, filter })).map((one) => one['name']);
      assert.deepEqual(await ids(`atScope() and principalId eq '${machine}'`), [guid(1)]);
      assert.deepEqual((await ids(`principalId eq '${machine}'`)).toSorted(), [guid(1), guid(2)]);
      assert.deepEqual(await ids(`principalId eq '${stranger}'`), []);
      assert.deepEqual(await ids(`assignedTo('${person}') and principalId eq '${machine}'`), []);
    }));
});
