import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import { askDoor, openDoor, origin, subscription, type TestDoor } from '../kit/door.ts';
import { type WidgetBench, widgets } from '../kit/widgets.ts';

let door: TestDoor;
let bench: WidgetBench;
const version = '?api-version=2021-04-01';
const group = (name: string) => `${subscription}/resourcegroups/${encodeURIComponent(name)}${version}`;
const widget = (of: string, name: string) =>
  `${subscription}/resourceGroups/${of}/providers/Contoso.Widgets/widgets/${name}?api-version=2024-03-01`;

beforeEach(async () => {
  door = await openDoor((context) => {
    bench = widgets(context);
    return [bench.provider];
  });
});
afterEach(async () => {
  bench.release();
  await door.close();
});

const put = (name: string, body: unknown) => door.ask('PUT', group(name), { body });
const codeOf = ({ json }: { readonly json: JsonObject }) => (json['error'] as JsonObject | undefined)?.['code'];

describe('a resource group', () => {
  it('is created with 201, replaced with 200, read back as it was answered', async () => {
    const created = await put('rg1', { location: 'East US', tags: { a: 'b' } });
    const expected = {
      id: `${subscription}/resourceGroups/rg1`,
      name: 'rg1',
      type: 'Microsoft.Resources/resourceGroups',
      location: 'eastus',
      tags: { a: 'b' },
      properties: { provisioningState: 'Succeeded' },
    };
    assert.deepEqual([created.status, created.json], [201, expected]);
    const replaced = await put('RG1', { location: 'eastus' });
    const { tags: _, ...untagged } = expected;
    assert.deepEqual([replaced.status, replaced.json], [200, untagged]);
    assert.deepEqual((await door.ask('GET', group('Rg1'))).json, untagged);
    assert.equal((await door.ask('HEAD', group('rg1'))).status, 204);
    assert.equal((await door.ask('HEAD', group('rg10'))).status, 404);
  });
  it('takes new tags by PATCH, which replaces the set', async () => {
    await put('rg1', { location: 'eastus', tags: { a: 'b', c: 'd' } });
    const patched = await door.ask('PATCH', group('rg1'), { body: { tags: { e: 'f' } } });
    assert.deepEqual([patched.status, patched.json['tags']], [200, { e: 'f' }]);
    assert.equal(codeOf(await door.ask('PATCH', group('none'), { body: {} })), 'ResourceGroupNotFound');
  });
  for (const name of ['a', 'x'.repeat(90), 'Größe_1.(2)-3', '.a']) {
    it(`may be called ${name.slice(0, 20)}`, async () => {
      assert.equal((await put(name, { location: 'eastus' })).status, 201);
    });
  }
  for (const name of ['x'.repeat(91), 'ends.', 'a b', 'a$', 'a@b', 'a,b']) {
    it(`may not be called ${name.slice(0, 20)}`, async () => {
      const refused = await put(name, { location: 'eastus' });
      assert.deepEqual([refused.status, codeOf(refused)], [400, 'InvalidResourceGroup']);
    });
  }
  it('needs a location that there is, and stays in it', async () => {
    assert.equal(codeOf(await put('rg1', {})), 'LocationRequired');
    assert.equal(codeOf(await put('rg1', { location: 'atlantis' })), 'LocationNotAvailableForResourceGroup');
    assert.equal(codeOf(await put('rg1', { location: 7 })), 'InvalidRequestContent');
    await put('rg1', { location: 'eastus' });
    const moved = await put('rg1', { location: 'westus' });
    assert.equal(moved.status, 409);
    assert.equal(
      (moved.json['error'] as JsonObject)['message'],
      "Invalid resource group location 'westus'. The Resource group already exists in location 'eastus'.",
    );
    assert.equal((await put('rg1', { location: 'EAST us' })).status, 200);
  });
  it('has at most 50 tags, by the rules', async () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, 'v']));
    const code = async (tags: unknown) => codeOf(await put('rg1', { location: 'eastus', tags }));
    assert.equal(await code(many(50)), undefined);
    assert.equal(await code(many(51)), 'TagsTooMany');
    assert.equal(await code({ 'a/b': 'c' }), 'InvalidTagNameCharacters');
    assert.equal(await code({ ['x'.repeat(513)]: 'c' }), 'InvalidTag');
    assert.equal(await code({ a: 'x'.repeat(257) }), 'InvalidTag');
    assert.equal(await code({ a: 'b', A: 'c' }), 'InvalidTag');
    assert.equal(await code({ a: 1 }), 'InvalidRequestContent');
    assert.equal(await code(['a']), 'InvalidRequestContent');
  });
});

describe('the list of groups', () => {
  const names = (json: JsonObject) => (json['value'] as readonly JsonObject[]).map((item) => item['name']);
  it('has the groups and nothing below them, by tag too', async () => {
    await put('rg1', { location: 'eastus', tags: { env: 'prod' } });
    await put('rg2', { location: 'eastus', tags: { env: 'dev' } });
    await door.ask('PUT', widget('rg1', 'w1'), { body: {} });
    const list = `${subscription}/resourcegroups${version}`;
    assert.deepEqual(names((await door.ask('GET', list)).json), ['rg1', 'rg2']);
    const filter = encodeURIComponent("tagName eq 'env' and tagValue eq 'dev'");
    assert.deepEqual(names((await door.ask('GET', `${list}&$filter=${filter}`)).json), ['rg2']);
    assert.equal(codeOf(await door.ask('GET', `${list}&$filter=nonsense`)), 'InvalidFilterInQueryString');
  });
  it('comes in pages that follow each other, though a group goes in between', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(name, { location: 'eastus' });
    const first = await door.ask('GET', `${subscription}/resourcegroups${version}&$top=2`);
    assert.deepEqual(names(first.json), ['a', 'b']);
    await door.ask('DELETE', group('b'));
    await door.app.idle();
    const next = String(first.json['nextLink']);
    assert.ok(next.startsWith(`${origin}/`) && next.includes('$skiptoken='));
    const second = await door.ask('GET', next.slice(origin.length));
    assert.deepEqual(names(second.json), ['c', 'd']);
    const third = await door.ask('GET', String(second.json['nextLink']).slice(origin.length));
    assert.deepEqual([names(third.json), 'nextLink' in third.json], [['e'], false]);
    for (const top of ['0', '-1', 'x']) {
      const refused = await door.ask('GET', `${subscription}/resourcegroups${version}&$top=${top}`);
      assert.equal(codeOf(refused), 'InvalidTopInQueryString');
    }
  });
});

describe('deleting a group', () => {
  beforeEach(async () => {
    for (const name of ['rg1', 'rg10']) {
      await put(name, { location: 'eastus' });
      await door.ask('PUT', widget(name, 'w1'), { body: {} });
    }
  });
  it('ends its resources, removes all that was in it and leaves the neighbour alone', async () => {
    const deleted = await door.ask('DELETE', group('rg1'));
    assert.equal(deleted.status, 202);
    await door.app.idle();
    const location = deleted.headers.get('location') ?? '';
    const result = await door.ask('GET', location.slice(origin.length));
    assert.deepEqual([result.status, result.text], [200, '']);
    assert.deepEqual(bench.tornDown, [`${subscription}/resourceGroups/rg1/providers/Contoso.Widgets/widgets/w1`]);
    assert.equal(codeOf(await door.ask('GET', group('rg1'))), 'ResourceGroupNotFound');
    assert.deepEqual(await door.store.list(documentKey(`${subscription}/resourceGroups/rg1`)), []);
    assert.equal((await door.ask('GET', widget('rg10', 'w1'))).status, 200);
    assert.deepEqual([(await door.ask('DELETE', group('rg1'))).status], [404]);
  });
  it('shows Deleting and takes no writes meanwhile, also after a crash; then it goes on', async () => {
    const { key, body } = (await door.store.get(documentKey(`${subscription}/resourceGroups/rg1`))) ?? assert.fail();
    await door.store.transact([{ put: key, body: { ...body, properties: { provisioningState: 'Deleting' } } }]);
    const shown = await door.ask('GET', group('rg1'));
    assert.deepEqual(shown.json['properties'], { provisioningState: 'Deleting' });
    for (const refused of [
      await put('rg1', { location: 'eastus' }),
      await door.ask('PUT', widget('rg1', 'w2'), { body: {} }),
    ]) {
      assert.deepEqual([refused.status, codeOf(refused)], [409, 'ResourceGroupBeingDeleted']);
    }
    assert.equal((await door.ask('GET', widget('rg1', 'w1'))).status, 200);
    const again = door.reopened([bench.provider]);
    assert.equal((await askDoor(again, 'DELETE', group('rg1'))).status, 202);
    await again.idle();
    assert.equal((await door.ask('HEAD', group('rg1'))).status, 404);
  });
  it('fails with the reason of a resource that cannot be ended, and the group takes writes again', async () => {
    await door.ask('PUT', widget('rg1', 'stuck'), { body: {} });
    const deleted = await door.ask('DELETE', group('rg1'));
    await door.app.idle();
    const status = await door.ask('GET', (deleted.headers.get('azure-asyncoperation') ?? '').slice(origin.length));
    assert.deepEqual([status.json['status'], codeOf(status)], ['Failed', 'Conflict']);
    assert.equal((await put('rg1', { location: 'eastus' })).status, 200);
  });
});
