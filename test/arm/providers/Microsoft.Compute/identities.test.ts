import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { tokenOf } from '../../kit/ports.ts';
import { at, type Cloud, codeOf, group, identityId, machineId, openCloud } from './cloud.ts';

let cloud: Cloud;
const web1 = machineId('web-1');
beforeEach(async () => {
  cloud = await openCloud();
  await cloud.done('PUT', web1, { body: { location: 'eastus' } });
  for (const name of ['one', 'two']) await cloud.ask('PUT', identityId(name), { body: { location: 'eastus' } });
});
afterEach(() => cloud.close());

const patch = (identity: unknown, token = 'owner') => cloud.ask('PATCH', web1, { body: { identity }, token });
const put = (identity: unknown) => cloud.done('PUT', web1, { body: { location: 'eastus', identity } });
const block = async () => (await cloud.ask('GET', web1)).json['identity'];
const attached = async () => Object.keys((at(await block(), 'userAssignedIdentities') ?? {}) as object);
const both = (...names: readonly string[]) => ({
  type: 'SystemAssigned, UserAssigned',
  userAssignedIdentities: Object.fromEntries(names.map((name) => [identityId(name), {}])),
});
const user = (...names: readonly string[]) => ({ ...both(...names), type: 'UserAssigned' });

describe("a machine's system-assigned identity", () => {
  it('comes with its principal and goes with it; enabling it again makes another', async () => {
    const on = await patch({ type: 'SystemAssigned' });
    assert.equal(on.status, 200);
    const { type, principalId, tenantId } = on.json['identity'] as Record<string, string>;
    assert.deepEqual([type, tenantId], ['SystemAssigned', cloud.directory.tenant.tenantId]);
    const principal = cloud.directory.servicePrincipal(principalId ?? '');
    assert.deepEqual([principal?.displayName, principal?.resourceId], ['web-1', web1]);
    const off = await patch({ type: 'None' });
    assert.equal('identity' in off.json, false);
    assert.equal(cloud.directory.servicePrincipal(principalId ?? ''), undefined);
    const again = await patch({ type: 'SystemAssigned' });
    assert.notEqual(at(again.json, 'identity', 'principalId'), principalId);
  });
  it('stays through writes that do not speak of it, and through both', async () => {
    await put({ type: 'SystemAssigned' });
    const before = await block();
    await put(undefined);
    await cloud.ask('PATCH', web1, { body: { tags: { a: 'b' } } });
    assert.deepEqual(await block(), before);
    await patch(both('one'));
    assert.equal(at(await block(), 'principalId'), at(before, 'principalId'));
  });
});

describe("a machine's user-assigned identities", () => {
  it('are answered with their ids, type in Azure spelling', async () => {
    const { json } = await patch({ ...both('one'), type: 'SystemAssigned,UserAssigned' });
    assert.equal(at(json, 'identity', 'type'), 'SystemAssigned, UserAssigned');
    const shared = await cloud.ask('GET', identityId('one'));
    const { principalId, clientId } = shared.json['properties'] as Record<string, string>;
    assert.deepEqual(at(json, 'identity', 'userAssignedIdentities', identityId('one')), { principalId, clientId });
  });
  it('have no principalId beside them without a system-assigned one', async () => {
    await patch(user('one'));
    assert.deepEqual(Object.keys((await block()) as object), ['type', 'userAssignedIdentities']);
  });
  it('are added by az one after the other, and taken off by lower-case null', async () => {
    await patch(user('one'));
    await patch(user('one', 'two'));
    assert.deepEqual(await attached(), [identityId('one'), identityId('two')]);
    await patch({ type: 'UserAssigned', userAssignedIdentities: { [identityId('one').toLowerCase()]: null } });
    assert.deepEqual(await attached(), [identityId('two')]);
    await patch({ type: 'None', userAssignedIdentities: null });
    assert.equal(await block(), undefined);
  });
  it("all go when az takes off the last with type SystemAssigned, and the machine's own stays", async () => {
    const { json } = await patch(both('one', 'two'));
    await patch({ type: 'SystemAssigned', userAssignedIdentities: null });
    assert.deepEqual(await block(), {
      type: 'SystemAssigned',
      principalId: at(json, 'identity', 'principalId'),
      tenantId: cloud.directory.tenant.tenantId,
    });
  });
  it('are replaced by a PUT', async () => {
    await put(user('one'));
    await put(user('two'));
    assert.deepEqual(await attached(), [identityId('two')]);
  });
  it('that do not exist are refused, and nothing changes: no principal is left', async () => {
    const refused = await patch(both('one', 'none'));
    assert.deepEqual([refused.status, codeOf(refused)], [400, 'FailedIdentityOperation']);
    assert.match(refused.text, /userAssignedIdentities\/none' was not found/);
    assert.equal(await block(), undefined);
    assert.equal(codeOf(await patch({ type: 'UserAssigned' })), 'MissingIdentityIds');
    assert.equal(
      codeOf(await patch({ type: 'UserAssigned', userAssignedIdentities: { one: {} } })),
      'LinkedInvalidPropertyId',
    );
  });
});

describe('the right to assign a user-assigned identity', () => {
  const assign = /^Microsoft\.ManagedIdentity\/userAssignedIdentities\/assign\/action$/;
  beforeEach(() => cloud.grants.push({ principalId: 'reader', action: /^Microsoft\.Compute\//, scope: group }));
  it('is asked of whoever may write the machine, at each identity that is new', async () => {
    const refused = await patch(user('one', 'two'), 'reader');
    assert.deepEqual([refused.status, codeOf(refused)], [403, 'LinkedAuthorizationFailed']);
    cloud.grants.push({ principalId: 'reader', action: assign, scope: identityId('one') });
    assert.equal((await patch(user('one', 'two'), 'reader')).status, 403);
    assert.equal((await patch(user('one'), 'reader')).status, 200);
  });
  it('is not asked for those that are on the machine, nor for taking them off', async () => {
    await patch(both('one', 'two'));
    assert.equal((await patch(both('one'), 'reader')).status, 200);
    const off = { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [identityId('one')]: null } };
    assert.equal((await patch(off, 'reader')).status, 200);
    assert.deepEqual(await attached(), [identityId('two')]);
    assert.equal((await patch(both('one'), 'reader')).status, 403);
  });
  it('is asked of a PUT too, of a new machine as well', async () => {
    const body = { location: 'eastus', identity: user('one') };
    const refused = await cloud.ask('PUT', machineId('web-9'), { body, token: 'reader' });
    assert.equal(codeOf(refused), 'LinkedAuthorizationFailed');
    assert.equal((await cloud.ask('GET', machineId('web-9'))).status, 404);
  });
});

describe('the view of a machine', () => {
  const kinds = () => cloud.machines.view(web1)?.identities.map(({ kind, resourceId }) => `${kind} ${resourceId}`);
  it('has its identities as of the last write, a new object after each change and the same one between', async () => {
    assert.deepEqual(kinds(), []);
    const before = cloud.machines.view(web1);
    assert.equal(cloud.machines.view(web1.toUpperCase()), before);
    await patch(both('one'));
    assert.deepEqual(kinds(), [`systemAssigned ${web1}`, `userAssigned ${identityId('one')}`]);
    assert.notEqual(cloud.machines.view(web1), before);
    const [own] = cloud.machines.view(web1)?.identities ?? [];
    assert.equal(own?.clientId, cloud.directory.servicePrincipal(own?.principalId ?? '')?.appId);
    assert.equal(cloud.machines.view(machineId('web-10')), undefined);
  });
  it('loses a user-assigned identity when it is deleted, and does not get it back with one of its name', async () => {
    await patch(user('one'));
    assert.equal(kinds()?.length, 1);
    assert.equal((await cloud.ask('DELETE', identityId('one'))).status, 200);
    assert.deepEqual(kinds(), []);
    assert.deepEqual(await attached(), [identityId('one')]);
    await cloud.ask('PUT', identityId('one'), { body: { location: 'eastus' } });
    assert.deepEqual(kinds(), []);
    await patch(user('one'));
    assert.deepEqual(kinds(), [`userAssigned ${identityId('one')}`]);
  });
  it("ends a token's acceptance when its identity is taken off", async () => {
    const { json } = await patch({ type: 'SystemAssigned' });
    const objectId = String(at(json, 'identity', 'principalId'));
    const appId = cloud.directory.servicePrincipal(objectId)?.appId ?? '';
    cloud.tokens.set('machine', tokenOf(objectId, { appId, identityResourceId: web1 }));
    cloud.grants.push({ principalId: objectId, action: /./, scope: group });
    assert.equal((await cloud.ask('GET', web1, { token: 'machine' })).status, 200);
    await patch({ type: 'None' });
    assert.equal((await cloud.ask('GET', web1, { token: 'machine' })).status, 401);
  });
});
