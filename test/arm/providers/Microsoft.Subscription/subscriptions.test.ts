import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/core/json.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { type Governed, openGoverned } from '../Microsoft.Management/governed.ts';

let tenant: Governed;
const aliases = '/providers/Microsoft.Subscription/aliases';
const alias = (name: string, properties: JsonObject, token = 'admin') =>
  tenant.ask('PUT', `${aliases}/${name}`, { token, body: { properties } });
const codeOf = ({ json }: { readonly json: JsonObject }) => (json['error'] as JsonObject | undefined)?.['code'];
const propertiesOf = ({ json }: { readonly json: JsonObject }) => json['properties'] as JsonObject;
const idOf = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;
const act = (verb: string, body?: unknown, token = 'admin') =>
  tenant.ask('POST', `/subscriptions/${tenant.subscriptionId}/providers/Microsoft.Subscription/${verb}`, {
    token,
    body,
  });
const subscription = (id = tenant.subscriptionId) => tenant.ask('GET', `/subscriptions/${id}`);

beforeEach(async () => {
  tenant = await openGoverned();
});
afterEach(() => tenant.close());

/** Makes a subscription and answers its id. */
async function make(name: string, properties: JsonObject = {}): Promise<string> {
  const told = await alias(name, { displayName: name, workload: 'Production', billingScope: '/b', ...properties });
  assert.equal(told.status, 201);
  assert.equal(propertiesOf(told)['provisioningState'], 'Accepted');
  await tenant.app.idle();
  return String(propertiesOf(told)['subscriptionId']);
}

describe('a subscription', () => {
  it('is made by an alias: accepted, then there, the creator its Owner', async () => {
    const id = await make('dev', { workload: 'DevTest', additionalProperties: { tags: { a: 'b' } } });
    const made = await tenant.ask('GET', `${aliases}/DEV`);
    assert.equal(propertiesOf(made)['provisioningState'], 'Succeeded');
    const { displayName, state, tags, subscriptionPolicies } = (await subscription(id)).json;
    assert.deepEqual([displayName, state, tags], ['dev', 'Enabled', { a: 'b' }]);
    assert.equal((subscriptionPolicies as JsonObject)['quotaId'], 'MSDNDevTest_2014-09-01');
    const group = `/subscriptions/${id}/resourceGroups/rg1`;
    assert.equal((await tenant.ask('PUT', group, { body: { location: 'eastus' } })).status, 201);
    const list = await tenant.ask('GET', '/subscriptions');
    assert.equal((list.json['value'] as JsonObject[]).length, 2);
    assert.deepEqual(tenant.context.hierarchy.ancestorsOf(group), [tenant.context.hierarchy.root, '/']);
  });
  it('is made once: the same alias again answers what it made', async () => {
    const id = await make('dev');
    const again = await alias('dev', { displayName: 'other', workload: 'Production' });
    assert.deepEqual([again.status, propertiesOf(again)['subscriptionId']], [200, id]);
    const list = await tenant.ask('GET', aliases);
    assert.deepEqual(
      (list.json['value'] as JsonObject[]).map(({ name }) => name),
      ['dev'],
    );
  });
  it('is made when a restart takes the work up, and only once', async () => {
    await make('dev');
    const stored = await tenant.store.get(documentKey(`${aliases}/dev`));
    await tenant.store.transact([{ put: documentKey(`${aliases}/late`), body: { ...stored?.body, name: 'late' } }]);
    const before = await tenant.store.list(documentKey('/subscription-list'));
    await tenant.app.resume();
    await tenant.app.idle();
    assert.equal((await tenant.store.list(documentKey('/subscription-list'))).length, before.length);
  });
  it('lies in the management group that is asked for, which the caller may write, or in the default one', async () => {
    await tenant.ask('PUT', idOf('mine'), { body: {} });
    await tenant.ask('PUT', idOf('theirs'), { token: 'root', body: {} });
    const id = await make('dev', { additionalProperties: { managementGroupId: idOf('mine') } });
    assert.equal(tenant.context.hierarchy.ancestorsOf(`/subscriptions/${id}`)[0], idOf('mine'));
    const theirs = { displayName: 'x', additionalProperties: { managementGroupId: idOf('theirs') } };
    assert.equal(codeOf(await alias('x', theirs)), 'LinkedAuthorizationFailed');
    const settings = `${tenant.context.hierarchy.root}/settings/default`;
    const body = { properties: { defaultManagementGroup: idOf('mine') } };
    await tenant.ask('PUT', settings, { token: 'root', body });
    const next = await make('next');
    assert.equal(tenant.context.hierarchy.ancestorsOf(`/subscriptions/${next}`)[0], idOf('mine'));
  });
  it('is made by who owns one already, and by nobody else', async () => {
    for (const token of ['other', 'machine', 'root']) {
      if (token === 'root') await tenant.ask('PUT', idOf('x'), { token, body: {} });
      const told = await alias('x', { displayName: 'x' }, token);
      assert.equal(told.status, token === 'root' ? 201 : 403, token);
    }
  });
  it('that there is gets an alias by its id, from who owns it', async () => {
    const { subscriptionId } = tenant;
    const told = await alias('first', { subscriptionId });
    assert.deepEqual([told.status, propertiesOf(told)['provisioningState']], [201, 'Succeeded']);
    const id = await make('mine');
    await tenant.assign('other', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', `/subscriptions/${id}`);
    assert.equal(codeOf(await alias('second', { subscriptionId }, 'other')), 'LinkedAuthorizationFailed');
    const none = await alias('third', { subscriptionId: '33333333-3333-4333-8333-333333333333' }, 'root');
    assert.deepEqual([none.status, codeOf(none)], [404, 'SubscriptionNotFound']);
  });
  it('stays when its alias goes', async () => {
    const id = await make('dev');
    assert.equal((await tenant.ask('DELETE', `${aliases}/dev`)).status, 200);
    assert.equal((await tenant.ask('DELETE', `${aliases}/dev`)).status, 204);
    assert.equal((await tenant.ask('GET', `${aliases}/dev`)).status, 404);
    assert.equal((await subscription(id)).status, 200);
  });
  it('has an alias that others do not read or delete', async () => {
    await make('dev');
    assert.equal((await tenant.ask('GET', `${aliases}/dev`, { token: 'other' })).status, 403);
    assert.equal((await tenant.ask('DELETE', `${aliases}/dev`, { token: 'other' })).status, 403);
    assert.deepEqual((await tenant.ask('GET', aliases, { token: 'other' })).json['value'], []);
  });
  const wrong: readonly (readonly [string, string, JsonObject])[] = [
    ['no display name', 'x', { workload: 'Production' }],
    ['a display name of 65 characters', 'x', { displayName: 'x'.repeat(65) }],
    ['an unknown workload', 'x', { displayName: 'x', workload: 'Play' }],
    ['an id that is no GUID', 'x', { subscriptionId: 'x' }],
    ['another tenant', 'x', { displayName: 'x', additionalProperties: { subscriptionTenantId: 'y' } }],
    ['a management group that is none', 'x', { displayName: 'x', additionalProperties: { managementGroupId: 'mg' } }],
    ['an alias with a blank', 'a%20b', { displayName: 'x' }],
  ];
  for (const [what, name, properties] of wrong) {
    it(`with ${what} is refused`, async () => {
      const told = await alias(name, properties);
      assert.deepEqual([told.status, codeOf(told)], [400, 'InvalidRequestContent']);
    });
  }
});

describe('a subscription that is', () => {
  it('renamed shows its new name', async () => {
    const told = await act('rename', { subscriptionName: 'New' });
    assert.deepEqual([told.status, told.json], [200, { subscriptionId: tenant.subscriptionId }]);
    assert.equal((await subscription()).json['displayName'], 'New');
    assert.equal(codeOf(await act('rename', {})), 'InvalidRequestContent');
    assert.equal(codeOf(await act('rename', { subscriptionName: 'x' }, 'other')), 'AuthorizationFailed');
  });
  const group = () => `/subscriptions/${tenant.subscriptionId}/resourceGroups/rg1`;
  const vault = () => `${group()}/providers/Microsoft.KeyVault/vaults/v`;
  it('cancelled refuses writes and actions, answers reads, takes deletions, until it is enabled', async () => {
    await tenant.ask('PUT', group(), { body: { location: 'eastus' } });
    await tenant.ask('PUT', vault(), { body: { location: 'eastus', properties: {} } });
    assert.equal((await act('cancel')).status, 200);
    assert.equal((await subscription()).json['state'], 'Warned');
    const message = `The subscription '${tenant.subscriptionId}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`;
    const writes = [
      () => tenant.ask('PUT', group(), { body: { location: 'eastus' } }),
      () => tenant.ask('PATCH', group(), { body: { tags: {} } }),
      () => tenant.ask('PATCH', vault(), { body: { tags: {} } }),
      () => tenant.ask('POST', `/subscriptions/${tenant.subscriptionId}/providers/Microsoft.Compute/unregister`),
      () =>
        tenant.ask('PUT', `${group()}/providers/Microsoft.Authorization/locks/l`, {
          body: { properties: { level: 'ReadOnly' } },
        }),
    ];
    for (const write of writes) {
      const told = await write();
      assert.deepEqual([told.status, codeOf(told)], [409, 'ReadOnlyDisabledSubscription']);
      assert.equal((told.json['error'] as JsonObject)['message'], message);
    }
    assert.equal((await tenant.ask('GET', vault())).status, 200);
    assert.equal((await tenant.ask('DELETE', vault())).status, 200);
    assert.equal(codeOf(await act('cancel')), 'OperationNotAllowed');
    assert.equal((await act('enable')).status, 200);
    assert.equal((await tenant.ask('PATCH', group(), { body: { tags: {} } })).status, 200);
    assert.equal(codeOf(await act('enable')), 'OperationNotAllowed');
  });
  it('cancelled keeps its neighbours open', async () => {
    const id = await make('dev');
    await act('cancel');
    const told = await tenant.ask('PUT', `/subscriptions/${id}/resourceGroups/rg`, { body: { location: 'eastus' } });
    assert.equal(told.status, 201);
  });
  it('locked read-only is neither renamed nor cancelled', async () => {
    const lock = `/subscriptions/${tenant.subscriptionId}/providers/Microsoft.Authorization/locks/l`;
    await tenant.ask('PUT', lock, { body: { properties: { level: 'ReadOnly' } } });
    assert.equal(codeOf(await act('rename', { subscriptionName: 'x' })), 'ScopeLocked');
    assert.equal(codeOf(await act('cancel')), 'ScopeLocked');
  });
});
