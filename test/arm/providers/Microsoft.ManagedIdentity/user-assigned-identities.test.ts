import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { subscription } from '../../kit/door.ts';
import { subscriptionId } from '../../kit/ports.ts';
import { at, type Cloud, codeOf, group, identityId, machineId, openCloud } from '../Microsoft.Compute/cloud.ts';

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.close());

const put = (name: string, body: unknown = { location: 'East US' }) => cloud.ask('PUT', identityId(name), { body });
const list = async (path: string) =>
  ((await cloud.ask('GET', path)).json['value'] as readonly { name: string }[]).map(({ name }) => name);

describe('PUT userAssignedIdentities', () => {
  it('makes the identity and its principal, 201, and reads back as it was answered', async () => {
    const made = await put('shared', { location: 'East US', tags: { team: 'web' } });
    assert.equal(made.status, 201);
    const { principalId, clientId } = made.json['properties'] as Record<string, string>;
    const { systemData, ...envelope } = made.json;
    assert.deepEqual(envelope, {
      id: identityId('shared'),
      name: 'shared',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      location: 'eastus',
      tags: { team: 'web' },
      properties: { isolationScope: 'None', tenantId: cloud.directory.tenant.tenantId, principalId, clientId },
    });
    assert.equal(at(systemData, 'createdBy'), 'owner');
    const principal = cloud.directory.servicePrincipal(principalId ?? '');
    assert.deepEqual(
      [principal?.appId, principal?.resourceId, principal?.displayName],
      [clientId, identityId('shared'), 'shared'],
    );
    assert.deepEqual((await cloud.ask('GET', identityId('SHARED'))).json, made.json);
  });
  it('keeps the ids when repeated, and replaces the tags', async () => {
    const made = await put('shared', { location: 'eastus', tags: { a: 'b' } });
    const again = await put('Shared', { location: 'East US' });
    assert.deepEqual([again.status, again.json['properties'], again.json['tags']], [200, made.json['properties'], {}]);
  });
  it('refuses another location, and one that is none', async () => {
    await put('shared');
    assert.equal(codeOf(await put('shared', { location: 'westeurope' })), 'InvalidResourceLocation');
    assert.equal(codeOf(await put('other', { location: 'atlantis' })), 'LocationNotAvailableForResourceType');
    assert.equal(codeOf(await put('other', {})), 'LocationRequired');
    assert.equal((await cloud.ask('GET', identityId('other'))).status, 404);
  });
  for (const name of ['ab', '-abc', 'a.b.c', 'x'.repeat(129)]) {
    it(`refuses the name '${name.slice(0, 12)}'`, async () => {
      assert.equal(codeOf(await put(name)), 'InvalidResourceName');
    });
  }
  for (const name of ['abc', '1-a_B', 'x'.repeat(128)]) {
    it(`takes the name '${name.slice(0, 12)}'`, async () => assert.equal((await put(name)).status, 201));
  }
  it('shows isolationScope from 2024-11-30 on', async () => {
    const old = await cloud.ask('PUT', `${identityId('shared')}?api-version=2023-01-31`, {
      body: { location: 'eastus' },
    });
    assert.equal(at(old.json, 'properties', 'isolationScope'), undefined);
    assert.equal(at((await cloud.ask('GET', identityId('shared'))).json, 'properties', 'isolationScope'), 'None');
    assert.equal(
      codeOf(await put('shared', { location: 'eastus', properties: { isolationScope: 'Lunar' } })),
      'InvalidRequestContent',
    );
  });
});

describe('PATCH userAssignedIdentities', () => {
  it('replaces the tags and keeps the rest', async () => {
    const made = await put('shared', { location: 'eastus', tags: { a: 'b' } });
    const patched = await cloud.ask('PATCH', identityId('shared'), { body: { tags: { c: 'd' } } });
    assert.deepEqual(
      [patched.status, patched.json['tags'], patched.json['properties']],
      [200, { c: 'd' }, made.json['properties']],
    );
    assert.equal(codeOf(await cloud.ask('PATCH', identityId('none'), { body: {} })), 'ResourceNotFound');
  });
});

describe('DELETE userAssignedIdentities', () => {
  it('deletes the principal with it: 200, then 204; a new one of its name has new ids', async () => {
    const made = await put('shared');
    const principalId = String(at(made.json, 'properties', 'principalId'));
    assert.equal((await cloud.ask('DELETE', identityId('shared'))).status, 200);
    assert.equal(cloud.directory.servicePrincipal(principalId), undefined);
    assert.equal((await cloud.ask('DELETE', identityId('shared'))).status, 204);
    assert.equal(codeOf(await cloud.ask('GET', identityId('shared'))), 'ResourceNotFound');
    assert.notEqual(at((await put('shared')).json, 'properties', 'principalId'), principalId);
  });
  it('deletes the principal with its resource group', async () => {
    const principalId = String(at((await put('shared')).json, 'properties', 'principalId'));
    await cloud.done('DELETE', group);
    assert.equal(cloud.directory.servicePrincipal(principalId), undefined);
  });
});

describe('lists of user-assigned identities', () => {
  it('hold those of the group or the subscription, and no other resource', async () => {
    await cloud.ask('PUT', `${subscription}/resourceGroups/rg10`, { body: { location: 'eastus' } });
    await put('one');
    await cloud.ask('PUT', identityId('two').replace('rg1', 'rg10'), { body: { location: 'eastus' } });
    await cloud.done('PUT', machineId('web-1'), { body: { location: 'eastus' } });
    const collection = 'providers/Microsoft.ManagedIdentity/userAssignedIdentities';
    assert.deepEqual(await list(`${group}/${collection}`), ['one']);
    assert.deepEqual(await list(`/subscriptions/${subscriptionId}/${collection}`), ['one', 'two']);
  });
});

describe('identities/default', () => {
  const of = (id: string) => cloud.ask('GET', `${id}/providers/Microsoft.ManagedIdentity/identities/default`);
  it("shows a machine's system-assigned identity", async () => {
    const made = await cloud.done('PUT', machineId('web-1'), {
      body: { location: 'eastus', identity: { type: 'SystemAssigned' } },
    });
    const shown = await of(machineId('web-1'));
    const principalId = at(made.json, 'identity', 'principalId');
    assert.deepEqual([shown.status, at(shown.json, 'properties', 'principalId')], [200, principalId]);
    assert.equal(
      at(shown.json, 'properties', 'clientId'),
      cloud.directory.servicePrincipal(String(principalId))?.appId,
    );
  });
  it('is not there for a machine without one', async () => {
    await cloud.done('PUT', machineId('web-2'), { body: { location: 'eastus' } });
    assert.equal(codeOf(await of(machineId('web-2'))), 'ResourceNotFound');
  });
});
