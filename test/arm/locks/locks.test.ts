import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AuthorizationContext } from '../../../src/arm/providers/Microsoft.Authorization/authorization-context.ts';
import { checkAccess } from '../../../src/arm/providers/Microsoft.Authorization/check-access.ts';
import { locks } from '../../../src/arm/providers/Microsoft.Authorization/locks.ts';
import { resources } from '../../../src/arm/providers/Microsoft.Resources/provider.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import { askDoor, openDoor, subscription, type TestDoor, type Told } from '../kit/door.ts';
import { type WidgetBench, widgets } from '../kit/widgets.ts';

let door: TestDoor;
let bench: WidgetBench;
const group1 = `${subscription}/resourceGroups/rg1`;
const group10 = `${subscription}/resourceGroups/rg10`;
const widget = `${group1}/providers/Contoso.Widgets/widgets/one`;
const vault = (name: string, of = group1) => `${of}/providers/Microsoft.KeyVault/vaults/${name}`;
const versions: Readonly<Record<string, string>> = {
  Widgets: '2024-03-01',
  KeyVault: '2023-07-01',
  locks: '2016-09-01',
};
const versionOf = (path: string) =>
  versions[Object.keys(versions).findLast((word) => path.includes(word)) ?? ''] ?? '2021-04-01';
const ask = (method: string, path: string, body?: unknown): Promise<Told> =>
  door.ask(method, `${path}${path.includes('?') ? '&' : '?'}api-version=${versionOf(path)}`, { body });
const lockId = (scope: string, name: string) => `${scope}/providers/Microsoft.Authorization/locks/${name}`;
const lock = (scope: string, level: string, name = 'hold', more: JsonObject = {}) =>
  ask('PUT', lockId(scope, name), { properties: { level, ...more } });
const unlock = (scope: string, name = 'hold') => ask('DELETE', lockId(scope, name));
const errorOf = ({ json }: Told) => (json['error'] ?? {}) as { readonly code?: string; readonly message?: string };
const namesOf = ({ json }: Told) => (json['value'] as readonly JsonObject[]).map((one) => one['name']);

beforeEach(async () => {
  door = await openDoor((context) => {
    bench = widgets(context);
    const resourceTypes = [locks(context.store), checkAccess(context as AuthorizationContext)];
    return [bench.provider, { namespace: 'Microsoft.Authorization', resourceTypes }];
  });
  for (const group of [group1, group10]) await ask('PUT', group, { location: 'eastus' });
  await ask('PUT', widget, {});
  await ask('PUT', vault('v'), { location: 'eastus', properties: {} });
});
afterEach(async () => {
  bench.release();
  await door.app.idle();
  assert.deepEqual(door.reports, []);
  await door.close();
});

describe('a management lock', () => {
  it('is created with 201, replaced with 200, read back, and deleted', async () => {
    const created = await lock(group1, 'cannotdelete', 'hold', { notes: 'why' });
    const expected = {
      properties: { level: 'CanNotDelete', notes: 'why' },
      id: lockId(group1, 'hold'),
      type: 'Microsoft.Authorization/locks',
      name: 'hold',
    };
    assert.deepEqual([created.status, created.json], [201, expected]);
    const replaced = await lock(group1, 'ReadOnly', 'HOLD');
    assert.deepEqual([replaced.status, replaced.json], [200, { ...expected, properties: { level: 'ReadOnly' } }]);
    assert.deepEqual((await ask('GET', lockId(group1, 'Hold'))).json, replaced.json);
    assert.equal((await unlock(group1)).status, 200);
    assert.equal((await unlock(group1)).status, 204);
    const gone = await ask('GET', lockId(group1, 'hold'));
    assert.deepEqual([gone.status, errorOf(gone).code], [404, 'LockNotFound']);
  });
  it('is listed at its scope, above and below it; with atScope() not from above', async () => {
    await lock(subscription, 'CanNotDelete', 'all');
    await lock(group1, 'CanNotDelete', 'group');
    await lock(vault('v'), 'ReadOnly', 'vault');
    await lock(group10, 'ReadOnly', 'other');
    const list = (scope: string, filter = '') =>
      ask('GET', `${scope}/providers/Microsoft.Authorization/locks${filter}`).then(namesOf);
    const atScope = '?$filter=atScope()';
    assert.deepEqual((await list(subscription)).toSorted(), ['all', 'group', 'other', 'vault']);
    assert.deepEqual((await list(group1)).toSorted(), ['all', 'group', 'vault']);
    assert.deepEqual((await list(group1, atScope)).toSorted(), ['all', 'group']);
    assert.deepEqual((await list(vault('v'), atScope)).toSorted(), ['all', 'group', 'vault']);
    assert.deepEqual(await list(subscription, atScope), ['all']);
  });
  const wrong: readonly (readonly [string, string, unknown, number])[] = [
    ['an unknown level', 'hold', { properties: { level: 'Sometimes' } }, 400],
    ['no level', 'hold', { properties: {} }, 400],
    ['no properties', 'hold', {}, 400],
    ['a name with a character that is not allowed', 'a%26b', { properties: { level: 'ReadOnly' } }, 400],
    ['a name of 261 characters', 'x'.repeat(261), { properties: { level: 'ReadOnly' } }, 400],
    ['notes of 513 characters', 'hold', { properties: { level: 'ReadOnly', notes: 'n'.repeat(513) } }, 400],
    ['owners that are no application ids', 'hold', { properties: { level: 'ReadOnly', owners: ['me'] } }, 400],
  ];
  for (const [what, name, body, status] of wrong) {
    it(`with ${what} is refused`, async () => {
      const told = await ask('PUT', lockId(group1, name), body);
      assert.deepEqual([told.status, errorOf(told).code], [status, 'InvalidRequestContent']);
      assert.deepEqual(namesOf(await ask('GET', `${group1}/providers/Microsoft.Authorization/locks`)), []);
    });
  }
  it('with a name of 260 characters is taken', async () => {
    assert.equal((await lock(group1, 'ReadOnly', 'x'.repeat(260))).status, 201);
  });
  it('needs a scope that exists, at a subscription or below', async () => {
    door.grants.push({ principalId: 'owner', action: /./, scope: '/' });
    const missing = await lock(vault('none'), 'ReadOnly');
    assert.deepEqual([missing.status, errorOf(missing).code], [404, 'ResourceNotFound']);
    const none = await lock(`${subscription}/resourceGroups/none`, 'ReadOnly');
    assert.deepEqual([none.status, errorOf(none).code], [404, 'ResourceGroupNotFound']);
    assert.equal((await lock('', 'ReadOnly')).status, 400);
  });
  it('is one of 20 at most at a scope; replacing one of them is no 21st', async () => {
    for (let at = 0; at < 20; at += 1) await lock(group1, 'CanNotDelete', `hold${at}`);
    const more = await lock(group1, 'CanNotDelete', 'more');
    assert.deepEqual([more.status, errorOf(more).code], [409, 'LockLimitExceeded']);
    assert.equal((await lock(group1, 'CanNotDelete', 'HOLD7')).status, 200);
    assert.equal((await lock(group10, 'CanNotDelete')).status, 201);
  });
  it('needs Microsoft.Authorization/locks/write, which a contributor lacks', async () => {
    door.tokens.set('contributor', { ...(door.tokens.get('owner') as object), objectId: 'contributor' } as never);
    door.principals.set('contributor', { ...door.principals.get('owner'), objectId: 'contributor' } as never);
    door.grants.push({ principalId: 'contributor', action: /^(?!Microsoft\.Authorization)/, scope: subscription });
    const told = await door.ask('PUT', `${lockId(group1, 'x')}?api-version=2016-09-01`, {
      token: 'contributor',
      body: { properties: { level: 'ReadOnly' } },
    });
    assert.deepEqual([told.status, errorOf(told).code], [403, 'AuthorizationFailed']);
  });
});

/** Every kind of write below `rg1`, with what ARM calls the operation. */
const writes: readonly (readonly [string, 'write' | 'delete', string, () => Promise<Told>])[] = [
  [
    'PUT of a new resource',
    'write',
    vault('new'),
    () => ask('PUT', vault('new'), { location: 'eastus', properties: {} }),
  ],
  [
    'PUT of a resource',
    'write',
    vault('v'),
    () => ask('PUT', vault('v'), { location: 'eastus', properties: { a: 1 } }),
  ],
  ['PATCH of a resource', 'write', vault('v'), () => ask('PATCH', vault('v'), { tags: { a: 'b' } })],
  ['DELETE of a resource', 'delete', vault('v'), () => ask('DELETE', vault('v'))],
  ['POST action', 'write', widget, () => ask('POST', `${widget}/polish`)],
  ['PUT of the group', 'write', group1, () => ask('PUT', group1, { location: 'eastus', tags: { a: 'b' } })],
  ['PATCH of the group', 'write', group1, () => ask('PATCH', group1, { tags: { a: 'b' } })],
  ['DELETE of the group', 'delete', group1, () => ask('DELETE', group1)],
  [
    'PUT of tags',
    'write',
    `${vault('v')}/providers/Microsoft.Resources/tags/default`,
    () => ask('PUT', `${vault('v')}/providers/Microsoft.Resources/tags/default`, { properties: { tags: {} } }),
  ],
  [
    'DELETE of tags',
    'delete',
    `${group1}/providers/Microsoft.Resources/tags/default`,
    () => ask('DELETE', `${group1}/providers/Microsoft.Resources/tags/default`),
  ],
  [
    'POST that moves a resource away',
    'write',
    group1,
    () => ask('POST', `${group1}/moveResources`, { resources: [vault('v')], targetResourceGroup: group10 }),
  ],
];

describe('a ReadOnly lock', () => {
  for (const [what, operation, target, write] of writes) {
    for (const scope of [group1, subscription]) {
      it(`at ${scope === group1 ? 'the group' : 'the subscription'} refuses ${what}`, async () => {
        await lock(scope, 'ReadOnly');
        const told = await write();
        assert.deepEqual([told.status, errorOf(told).code], [409, 'ScopeLocked']);
        assert.equal(
          errorOf(told).message,
          `The scope '${target}' cannot perform ${operation} operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
        );
        await unlock(scope);
        assert.ok((await write()).status < 300, 'without the lock it happens');
      });
    }
    it(`at another group lets ${what} happen, unless it goes there`, async () => {
      await lock(group10, 'ReadOnly');
      const told = await write();
      assert.equal(told.status < 300, !what.includes('moves'));
    });
  }
  it('lets everything be read', async () => {
    await lock(subscription, 'ReadOnly');
    for (const path of [group1, vault('v'), `${subscription}/resources`, `${group1}/resources`]) {
      assert.equal((await ask('GET', path)).status, 200);
    }
    assert.equal((await ask('HEAD', group1)).status, 204);
  });
  it('lets access be asked about, although that is a POST', async () => {
    await lock(subscription, 'ReadOnly');
    const question = {
      Subject: { Attributes: { ObjectId: '00000000-0000-4000-8000-000000000001' } },
      Actions: [{ Id: 'Contoso.Widgets/widgets/write' }],
      Resource: { Id: widget },
    };
    const path = `${widget}/providers/Microsoft.Authorization/checkAccess?api-version=2018-09-01-preview`;
    assert.equal((await door.ask('POST', path, { body: question })).status, 200);
  });
  it('does not keep locks from being made, changed and deleted below it, nor itself from being deleted', async () => {
    await lock(subscription, 'ReadOnly');
    assert.equal((await lock(vault('v'), 'ReadOnly')).status, 201);
    assert.equal((await lock(vault('v'), 'CanNotDelete')).status, 200);
    assert.equal((await unlock(vault('v'))).status, 200);
    assert.equal((await unlock(subscription)).status, 200);
  });
  it('holds for the resource alone and what is below it, by whole segments', async () => {
    await ask('PUT', vault('v1'), { location: 'eastus', properties: {} });
    await lock(vault('v'), 'ReadOnly');
    assert.equal((await ask('PATCH', vault('v1'), { tags: {} })).status, 200);
    assert.equal((await ask('PATCH', group1, { tags: {} })).status, 200);
    const below = await ask('PUT', `${vault('V')}/secrets/s`, { properties: {} });
    assert.equal(errorOf(below).code, 'ScopeLocked');
  });
});

describe('a CanNotDelete lock', () => {
  for (const [what, operation, , write] of writes) {
    it(`at the group ${operation === 'delete' ? 'refuses' : 'lets happen'} ${what}`, async () => {
      await lock(group1, 'CanNotDelete');
      const told = await write();
      assert.equal(told.status === 409 && errorOf(told).code === 'ScopeLocked', operation === 'delete');
    });
  }
  it('at a resource keeps its group from being deleted, before anything in it is', async () => {
    await lock(vault('v'), 'CanNotDelete');
    await lock(widget, 'ReadOnly', 'other');
    const told = await ask('DELETE', group1);
    assert.deepEqual([told.status, errorOf(told).code], [409, 'ScopeLocked']);
    assert.match(errorOf(told).message ?? '', new RegExp(`'[^']*${vault('v')}[^']*'. Please`));
    assert.match(errorOf(told).message ?? '', new RegExp(`'[^']*${widget}[^']*'. Please`));
    assert.deepEqual(bench.tornDown, []);
    assert.equal((await ask('GET', vault('v'))).status, 200);
    const group = await ask('GET', group1);
    assert.deepEqual(group.json['properties'], { provisioningState: 'Succeeded' });
    assert.equal((await ask('DELETE', group10)).status, 202, 'its neighbour goes');
  });
  it('that came between the request and its work keeps the group, too', async () => {
    await lock(vault('v'), 'CanNotDelete');
    const { works } = resources(door.context, { providers: () => [bench.provider], inner: () => door.app.inner });
    const refused = await works?.['deleteResourceGroup']?.({ groupId: group1 }, '');
    assert.equal((refused as { readonly refused?: string }).refused, 'ScopeLocked');
    assert.deepEqual(bench.tornDown, []);
    assert.deepEqual((await ask('GET', group1)).json['properties'], { provisioningState: 'Succeeded' });
  });
  it('at a child keeps its parent from being deleted', async () => {
    await ask('PUT', `${vault('v')}/secrets/s`, { properties: {} });
    await lock(`${vault('v')}/secrets/s`, 'CanNotDelete');
    assert.equal(errorOf(await ask('DELETE', vault('v'))).code, 'ScopeLocked');
    assert.equal((await ask('PATCH', vault('v'), { tags: {} })).status, 200);
  });
});

describe('the locks', () => {
  it('go with their resource: one of the same id that is made later is free', async () => {
    await lock(vault('v'), 'CanNotDelete');
    await door.store.transact([{ removeTree: documentKey(vault('v')) }]);
    await ask('PUT', vault('v'), { location: 'eastus', properties: {} });
    assert.deepEqual(namesOf(await ask('GET', `${vault('v')}/providers/Microsoft.Authorization/locks`)), []);
    assert.equal((await ask('DELETE', vault('v'))).status, 200);
  });
  it('hold after a restart', async () => {
    await lock(group1, 'ReadOnly');
    const again = await askDoor(door.reopened(), 'DELETE', `${group1}?api-version=2021-04-01`);
    assert.deepEqual([again.status, errorOf(again).code], [409, 'ScopeLocked']);
  });
  it('leave the refusal in the activity log', async () => {
    await lock(group1, 'CanNotDelete');
    await ask('DELETE', group1);
    const failed = door.events.at(-1);
    assert.equal(failed?.status, 'Failed');
    assert.match(JSON.stringify(failed), /ScopeLocked/);
  });
});
