import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { TemplatePlan } from '../../../src/core/template/plan.ts';
import { account, group, planned, subscription } from './planned.ts';

function planOf(parts: JsonObject, id?: string): TemplatePlan {
  const plan = planned(parts, id);
  if (isRefusal(plan)) throw new Error(plan.message);
  return plan;
}

function whyNot(parts: JsonObject, id?: string): string {
  const plan = planned(parts, id);
  assert.ok(isRefusal(plan), 'it was planned');
  assert.equal(plan.refused, 'InvalidTemplate');
  return plan.message;
}

const idsOf = ({ resources }: TemplatePlan) => resources.map(({ id }) => id);
const storage = (name: string, scope = group) => `${scope}/providers/Microsoft.Storage/storageAccounts/${name}`;

/** What each resource waits for, by names. */
function needsOf({ resources, needs }: TemplatePlan): Readonly<Record<string, readonly string[]>> {
  const nameOf = (key: string) => resources.find((one) => one.key === key)?.name ?? key;
  return Object.fromEntries(resources.map(({ key, name }) => [name, [...(needs.get(key) ?? [])].map(nameOf)]));
}

describe('where the resources of a template lie', () => {
  it('is the scope of the deployment, at every kind of scope', () => {
    assert.deepEqual(idsOf(planOf({ resources: [account('a')] })), [storage('a')]);
    assert.deepEqual(idsOf(planOf({ resources: [account('a')] }, subscription)), [storage('a', subscription)]);
    const group2 = { type: 'Microsoft.Resources/resourceGroups', apiVersion: '1', name: 'rg2' };
    assert.deepEqual(idsOf(planOf({ resources: [group2] }, subscription)), [`${subscription}/resourceGroups/rg2`]);
    assert.match(whyNot({ resources: [group2] }, '/'), /lies in no subscription/);
    const managed = { type: 'Microsoft.Management/managementGroups', apiVersion: '1', name: 'm' };
    assert.deepEqual(idsOf(planOf({ resources: [managed] }, '/')), [
      '/providers/Microsoft.Management/managementGroups/m',
    ]);
  });

  it('is another for what is nested, an extension, or says so', () => {
    const parent = account('a', { resources: [{ type: 'blobServices', apiVersion: '1', name: 'default' }] });
    assert.deepEqual(idsOf(planOf({ resources: [parent] })), [storage('a'), `${storage('a')}/blobServices/default`]);
    const old = {
      type: 'Microsoft.Storage/storageAccounts/providers/roleAssignments',
      apiVersion: '1',
      name: 'a/Microsoft.Authorization/g',
    };
    const extension = `${storage('a')}/providers/Microsoft.Authorization/roleAssignments/g`;
    assert.deepEqual(idsOf(planOf({ resources: [old] })), [extension]);
    const scoped = { type: 'Microsoft.Authorization/roleAssignments', apiVersion: '1', name: 'g' };
    const on = (scope: string) => idsOf(planOf({ resources: [{ ...scoped, scope }] }));
    assert.deepEqual(on('Microsoft.Storage/storageAccounts/a'), [extension]);
    assert.deepEqual(on("[resourceId('Microsoft.Storage/storageAccounts', 'a')]"), [extension]);
    assert.deepEqual(on('/'), ['/providers/Microsoft.Authorization/roleAssignments/g']);
    assert.match(whyNot({ resources: [{ ...scoped, scope: 'nothing' }] }), /is no resource id/);
    const deployment = { type: 'Microsoft.Resources/deployments', apiVersion: '1', name: 'd', resourceGroup: 'rg2' };
    assert.deepEqual(idsOf(planOf({ resources: [deployment] })), [
      `${subscription}/resourceGroups/rg2/providers/Microsoft.Resources/deployments/d`,
    ]);
  });

  it('has as many names as its type has words', () => {
    assert.match(whyNot({ resources: [account('a/b')] }), /incorrect segment lengths/);
  });
});

describe('the order of a plan', () => {
  it('knows a resource by its id, its name, its type and name in any letter case, and its loop', () => {
    const ways = [
      'a',
      storage('A'),
      'microsoft.storage/STORAGEaccounts/a',
      "[resourceId('Microsoft.Storage/storageAccounts', 'a')]",
    ];
    for (const way of ways) {
      const plan = planOf({ resources: [account('a'), account('b', { dependsOn: [way] })] });
      assert.deepEqual(needsOf(plan)['b'], ['a'], way);
    }
    const loop = account("[concat('c', copyIndex())]", { copy: { name: 'all', count: 2 } });
    assert.deepEqual(needsOf(planOf({ resources: [loop, account('b', { dependsOn: ['all'] })] }))['b'], ['c0', 'c1']);
  });

  it('follows references in properties, without dependsOn', () => {
    const referring = account('b', { properties: { deep: [{ x: "[toLower(reference(concat('a', '')).y)]" }] } });
    assert.deepEqual(needsOf(planOf({ resources: [referring, account('a')] }))['b'], ['a']);
    const listing = account('b', { properties: { key: "[listKeys('a', '2023-01-01').keys[0].value]" } });
    assert.deepEqual(needsOf(planOf({ resources: [listing, account('a')] }))['b'], ['a']);
    const unrelated = account('b', { properties: { x: "[concat('a', 'b')]" } });
    assert.deepEqual(needsOf(planOf({ resources: [unrelated, account('a')] }))['b'], []);
  });

  it('makes a serial loop in batches', () => {
    const loop = account("[concat('c', copyIndex())]", {
      copy: { name: 'all', count: 5, mode: 'Serial', batchSize: 2 },
    });
    const needs = needsOf(planOf({ resources: [loop] }));
    assert.deepEqual([needs['c0'], needs['c1'], needs['c2'], needs['c4']], [[], [], ['c0', 'c1'], ['c2', 'c3']]);
  });

  it('knows symbolic names, of a loop each round', () => {
    const resources = {
      one: account('a'),
      many: account("[format('m{0}', copyIndex())]", { copy: { name: 'loop', count: 2 } }),
      last: account('z', { dependsOn: ['one', 'many[1]'] }),
    };
    assert.deepEqual(needsOf(planOf({ languageVersion: '2.0', resources }))['z'], ['a', 'm1']);
  });

  it('has no circle, however long', () => {
    const ring = Array.from({ length: 50 }, (_, at) => account(`r${at}`, { dependsOn: [`r${(at + 1) % 50}`] }));
    assert.match(whyNot({ resources: ring }), /Circular dependency detected/);
    const line = ring.slice(0, 49).concat(account('r49'));
    assert.equal(planOf({ resources: line }).resources.length, 50);
  });
});

describe('what a plan leaves out', () => {
  it('is what a condition is false for, or what is there already', () => {
    const resources = {
      a: account('a', { condition: '[equals(1, 2)]' }),
      b: account('b', { existing: true }),
      c: account('c', { dependsOn: ['a', 'b'] }),
    };
    const plan = planOf({ resources });
    assert.deepEqual(
      plan.resources.filter(({ deployed }) => deployed).map(({ name }) => name),
      ['c'],
    );
    assert.match(whyNot({ resources: [account('a', { condition: 'yes' })] }), /must be true or false/);
  });

  it('lets one resource be declared twice where one condition holds', () => {
    const either = (condition: boolean) => account('a', { condition });
    assert.equal(planOf({ resources: [either(true), either(false)] }).resources.length, 2);
    assert.match(whyNot({ resources: [either(true), either(true)] }), /defined multiple times/);
  });
});
