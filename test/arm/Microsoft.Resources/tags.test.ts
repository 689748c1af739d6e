import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { subscription, type Told } from '../kit/door.ts';
import {
  at,
  type Cloud,
  codeOf,
  group,
  identityId,
  machineId,
  openCloud,
} from '../providers/Microsoft.Compute/cloud.ts';

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.close());

const storage = `${group}/providers/Microsoft.Storage/storageAccounts/data1`;
const tagsAt = (scope: string) => `${scope}/providers/Microsoft.Resources/tags/default`;
const put = (scope: string, tags: unknown) => cloud.ask('PUT', tagsAt(scope), { body: { properties: { tags } } });
const patch = (scope: string, operation: string, tags: unknown) =>
  cloud.ask('PATCH', tagsAt(scope), { body: { operation, properties: { tags } } });
const tagsOf = ({ json }: Told) => at(json, 'properties', 'tags');
const make = (id: string) => cloud.done('PUT', id, { body: { location: 'eastus' } });

describe('{scope}/providers/Microsoft.Resources/tags/default', () => {
  const scopes = { subscription, group, 'a machine': machineId('vm1'), 'an identity': identityId('shared'), storage };
  for (const [what, scope] of Object.entries(scopes)) {
    it(`writes, reads and deletes the tags of ${what}`, async () => {
      if (scope !== subscription && scope !== group) await make(scope);
      const made = await put(scope, { a: '1' });
      assert.deepEqual(made.json, {
        id: tagsAt(scope),
        name: 'default',
        type: 'Microsoft.Resources/tags',
        properties: { tags: { a: '1' } },
      });
      assert.deepEqual((await cloud.ask('GET', tagsAt(scope))).json, made.json);
      assert.deepEqual((await cloud.ask('GET', scope)).json['tags'], { a: '1' });
      assert.equal((await cloud.ask('DELETE', tagsAt(scope))).status, 200);
      assert.deepEqual((await cloud.ask('GET', scope)).json['tags'], {});
    });
  }
  it('shows a machine its new tags at once', async () => {
    await make(machineId('vm1'));
    await put(machineId('vm1'), { team: 'web' });
    assert.deepEqual(cloud.machines.view(machineId('vm1'))?.resource['tags'], { team: 'web' });
  });
  it('merges, replaces, and deletes by name or by name and value, without regard to case', async () => {
    await put(group, { Env: 'test', team: 'web', cost: '1' });
    assert.deepEqual(tagsOf(await patch(group, 'Merge', { ENV: 'prod', new: 'x' })), {
      team: 'web',
      cost: '1',
      ENV: 'prod',
      new: 'x',
    });
    assert.deepEqual(tagsOf(await patch(group, 'delete', { env: '', TEAM: 'web', cost: '2' })), {
      cost: '1',
      new: 'x',
    });
    assert.deepEqual(tagsOf(await patch(group, 'Replace', { only: 'one' })), { only: 'one' });
  });
  it('refuses an unknown operation, a body without properties, and tags against the rules', async () => {
    assert.equal(codeOf(await patch(group, 'Add', { a: '1' })), 'InvalidRequestContent');
    assert.equal(codeOf(await cloud.ask('PUT', tagsAt(group), { body: {} })), 'InvalidRequestContent');
    assert.equal(codeOf(await put(group, { a: 1 })), 'InvalidRequestContent');
    assert.equal(codeOf(await put(group, { 'a<b': '1' })), 'InvalidTagNameCharacters');
    assert.equal(codeOf(await put(group, { ['x'.repeat(513)]: '1' })), 'InvalidTag');
    assert.equal(codeOf(await put(group, { a: 'x'.repeat(257) })), 'InvalidTag');
    const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`t${n}`, '']));
    assert.equal((await put(group, fifty)).status, 200);
    assert.equal(codeOf(await patch(group, 'Merge', { more: '1' })), 'TagsTooMany');
    assert.deepEqual(tagsOf(await cloud.ask('GET', tagsAt(group))), fifty);
  });
  it('refuses what does not exist and what has no tags', async () => {
    assert.equal(codeOf(await put(storage, { a: '1' })), 'ResourceNotFound');
    await make(storage);
    const settings = `${storage}/providers/Microsoft.Insights/diagnosticSettings/all`;
    await cloud.ask('PUT', settings, { body: { properties: {} } });
    assert.equal(codeOf(await put(settings, { a: '1' })), 'OperationNotAllowed');
    assert.equal(codeOf(await put(group.replace('rg1', 'rg2'), {})), 'ResourceGroupNotFound');
  });
  it('needs Microsoft.Resources/tags/{read|write|delete} at the scope, and nothing of the resource', async () => {
    await make(storage);
    cloud.grants.push({ principalId: 'reader', action: /^Microsoft\.Resources\/tags\/write$/, scope: storage });
    const body = { properties: { tags: { a: '1' } } };
    assert.equal((await cloud.ask('PUT', tagsAt(storage), { body, token: 'reader' })).status, 200);
    assert.equal((await cloud.ask('GET', tagsAt(storage), { token: 'reader' })).status, 403);
    assert.equal((await cloud.ask('PUT', tagsAt(group), { body, token: 'reader' })).status, 403);
    assert.equal((await cloud.ask('PATCH', storage, { body: { tags: {} }, token: 'reader' })).status, 403);
  });
  it('keeps every one of many changes at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => patch(group, 'Merge', { [`t${n}`]: '1' })));
    assert.equal(Object.keys(tagsOf(await cloud.ask('GET', tagsAt(group))) as object).length, 20);
  });
});

describe('/subscriptions/{id}/tagNames', () => {
  const names = `${subscription}/tagNames`;
  const list = async () => (await cloud.ask('GET', names)).json['value'];
  it('predefines names and values, 201 then 200, and counts what is in use', async () => {
    assert.equal((await cloud.ask('PUT', `${names}/stage`)).status, 201);
    assert.equal((await cloud.ask('PUT', `${names}/Stage`)).status, 200);
    const value = await cloud.ask('PUT', `${names}/stage/tagValues/blue green`.replace(' ', '%20'));
    assert.deepEqual([value.status, value.json['tagValue']], [201, 'blue green']);
    await put(group, { Stage: 'red' });
    await put(subscription, { cost: '42' });
    const count = (uses: number) => ({ type: 'Total', value: uses });
    assert.deepEqual(await list(), [
      {
        id: `${names}/cost`,
        tagName: 'cost',
        count: count(1),
        values: [{ id: `${names}/cost/tagValues/42`, tagValue: '42', count: count(1) }],
      },
      {
        id: `${names}/stage`,
        tagName: 'stage',
        count: count(1),
        values: [
          { id: `${names}/stage/tagValues/blue green`, tagValue: 'blue green', count: count(0) },
          { id: `${names}/stage/tagValues/red`, tagValue: 'red', count: count(1) },
        ],
      },
    ]);
  });
  it('takes away what nothing uses: values first', async () => {
    await cloud.ask('PUT', `${names}/stage`);
    await cloud.ask('PUT', `${names}/stage/tagValues/blue`);
    await put(group, { stage: 'blue' });
    assert.equal(codeOf(await cloud.ask('DELETE', `${names}/stage/tagValues/blue`)), 'TagInUse');
    await put(group, {});
    assert.equal(codeOf(await cloud.ask('DELETE', `${names}/stage`)), 'TagInUse');
    assert.equal((await cloud.ask('DELETE', `${names}/stage/tagValues/blue`)).status, 200);
    assert.equal((await cloud.ask('DELETE', `${names}/stage`)).status, 200);
    assert.equal((await cloud.ask('DELETE', `${names}/stage`)).status, 204);
  });
  it('refuses a value of no name, and names against the rules', async () => {
    assert.equal(codeOf(await cloud.ask('PUT', `${names}/stage/tagValues/blue`)), 'TagNotFound');
    assert.equal(codeOf(await cloud.ask('PUT', `${names}/a%26b`)), 'InvalidTagNameCharacters');
    assert.equal(codeOf(await cloud.ask('PUT', `${names}/${'x'.repeat(513)}`)), 'InvalidTag');
  });
});
