import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { seedSubscription } from '../../../../src/arm/providers/Microsoft.Resources/subscription.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { tenantId } from '../../kit/ports.ts';
import { at, type Cloud, codeOf, group, identityId, machineId, openCloud } from '../Microsoft.Compute/cloud.ts';

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.close());

const site = (name: string) => `${group}/providers/Microsoft.Web/sites/${name}`;
const put = (name: string, properties: object = {}, version = '2026-05-31') =>
  cloud.ask('PUT', `${identityId(name)}?api-version=${version}`, { body: { location: 'eastus', properties } });
const userAssigned = (name: string) => ({
  type: 'UserAssigned',
  userAssignedIdentities: { [identityId(name)]: {} },
});
const give = (id: string, name: string, location = 'eastus') =>
  cloud.done('PUT', id, { body: { location, identity: userAssigned(name) } });

describe('isolationScope', () => {
  it('Regional lets only resources of its own region have the identity', async () => {
    await put('shared', { isolationScope: 'Regional' });
    for (const id of [machineId('vm1'), site('web1')]) {
      const refused = await give(id, 'shared', 'westus');
      assert.equal(codeOf(refused), 'FailedIdentityOperation');
      assert.match(refused.text, /isolation scope 'Regional'/);
      assert.equal((await cloud.ask('GET', id)).status, 404);
      assert.equal((await give(id, 'shared', 'East US')).status, 201);
    }
  });
  it('leaves an assignment that was there before', async () => {
    await put('shared');
    await give(site('web1'), 'shared', 'westus');
    await put('shared', { isolationScope: 'Regional' });
    assert.equal((await give(site('web1'), 'shared', 'westus')).status, 200);
  });
});

describe('assignmentRestrictions', () => {
  const restrict = (...providers: readonly unknown[]) => put('shared', { assignmentRestrictions: { providers } });
  it('lets only the named providers have the identity, in any letter case', async () => {
    await restrict('microsoft.compute');
    assert.equal(codeOf(await give(site('web1'), 'shared')), 'FailedIdentityOperation');
    assert.equal((await give(machineId('vm1'), 'shared')).status, 201);
  });
  it('lets only the named types have the identity', async () => {
    await restrict('Microsoft.Web/SITES', 'Microsoft.Comp');
    assert.equal(codeOf(await give(machineId('vm1'), 'shared')), 'FailedIdentityOperation');
    assert.equal((await give(site('web1'), 'shared')).status, 201);
  });
  it('holds for a PATCH too', async () => {
    await restrict('Microsoft.Compute');
    await cloud.ask('PUT', site('web1'), { body: { location: 'eastus' } });
    const patched = await cloud.ask('PATCH', site('web1'), { body: { identity: userAssigned('shared') } });
    assert.equal(codeOf(patched), 'FailedIdentityOperation');
  });
  it('is kept by a PATCH of something else, and emptied by an empty list', async () => {
    await restrict('Microsoft.Compute');
    const path = `${identityId('shared')}?api-version=2026-05-31`;
    const tagged = await cloud.ask('PATCH', path, { body: { tags: { a: '1' } } });
    assert.deepEqual(at(tagged.json, 'properties', 'assignmentRestrictions'), { providers: ['Microsoft.Compute'] });
    await cloud.ask('PATCH', path, { body: { properties: { assignmentRestrictions: { providers: [] } } } });
    assert.equal((await give(site('web1'), 'shared')).status, 201);
  });
  it('is shown from 2025-05-31 on', async () => {
    await restrict('Microsoft.Compute');
    const shownAt = async (version: string) =>
      'assignmentRestrictions' in
      ((await cloud.ask('GET', `${identityId('shared')}?api-version=${version}`)).json['properties'] as JsonObject);
    assert.deepEqual(
      [await shownAt('2024-11-30'), await shownAt('2025-01-31-preview'), await shownAt('2025-05-31-preview')],
      [false, false, true],
    );
  });
  for (const [what, restrictions] of [
    ['no object', 'Microsoft.Compute'],
    ['providers that are no array', { providers: 'Microsoft.Compute' }],
    ['a provider that is no string', { providers: [1] }],
    ['a provider with a wildcard', { providers: ['Microsoft.*'] }],
    ['an empty provider', { providers: [''] }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal(codeOf(await put('shared', { assignmentRestrictions: restrictions })), 'InvalidRequestContent');
    });
  }
});

describe('listAssociatedResources', () => {
  const list = (query = '', token = 'owner') =>
    cloud.ask('POST', `${identityId('shared')}/listAssociatedResources?api-version=2022-01-31-preview${query}`, {
      token,
    });
  const names = async (query = '') => {
    const { json } = await list(query);
    return (json['value'] as readonly JsonObject[]).map(({ name }) => name);
  };
  beforeEach(async () => {
    await put('shared');
    await put('other');
    await give(machineId('vm1'), 'shared');
    for (const name of ['b2', 'a1', 'c3']) await give(site(name), 'shared');
    await give(site('none'), 'other');
  });

  it('shows the resources of every type that have the identity', async () => {
    const { json } = await list();
    assert.equal(json['totalCount'], 4);
    assert.deepEqual((json['value'] as readonly JsonObject[])[0], {
      id: machineId('vm1'),
      name: 'vm1',
      type: 'microsoft.compute/virtualmachines',
      resourceGroup: 'rg1',
      subscriptionId: group.split('/')[2],
      subscriptionDisplayName: 'Postern',
    });
  });
  it('shows those of other subscriptions too', async () => {
    const subscriptionId = '33333333-3333-4333-8333-333333333333';
    await seedSubscription(cloud.store, { subscriptionId, tenantId, displayName: 'Other' });
    const far = `/subscriptions/${subscriptionId}/resourceGroups/rg9`;
    cloud.grants.push({ principalId: 'owner', action: /./, scope: `/subscriptions/${subscriptionId}` });
    await cloud.ask('PUT', far, { body: { location: 'eastus' } });
    await give(`${far}/providers/Microsoft.Web/sites/far1`, 'shared');
    assert.deepEqual(await names("&$filter=subscriptionDisplayName eq 'Other'"), ['far1']);
  });
  it('filters, orders and pages', async () => {
    assert.deepEqual(await names("&$filter=type eq 'Microsoft.Web/sites' and contains(name, '1')"), ['a1']);
    assert.deepEqual(await names("&$filter=startswith(name, 'a') or endswith(name, '3')&$orderby=name desc"), [
      'c3',
      'a1',
    ]);
    assert.deepEqual(await names('&$orderby=type desc,name'), ['a1', 'b2', 'c3', 'vm1']);
    assert.deepEqual(await names('&$orderby=name&$skip=1&$top=2'), ['b2', 'c3']);
    const first = await list('&$orderby=name&$top=3');
    assert.equal(first.json['totalCount'], 4);
    const next = new URL(String(first.json['nextLink']));
    const rest = await cloud.ask('POST', `${next.pathname}${next.search}`);
    assert.deepEqual(
      [(rest.json['value'] as readonly JsonObject[]).map(({ name }) => name), rest.json['nextLink']],
      [['vm1'], undefined],
    );
  });
  for (const [query, code] of [
    ["$filter=colour eq 'red'", 'InvalidFilterInQueryString'],
    ['$filter=name', 'InvalidFilterInQueryString'],
    ['$orderby=colour', 'InvalidParameter'],
    ['$orderby=name up', 'InvalidParameter'],
    ['$top=0', 'InvalidTopInQueryString'],
    ['$top=-1', 'InvalidTopInQueryString'],
    ['$skip=x', 'InvalidParameter'],
    ['$skiptoken=%2e%2e', 'InvalidSkipToken'],
  ] as const) {
    it(`refuses ${query}`, async () => assert.equal(codeOf(await list(`&${query}`)), code));
  }
  it('needs its action at the identity, and an identity', async () => {
    assert.equal(codeOf(await list('', 'reader')), 'AuthorizationFailed');
    cloud.grants.push({
      principalId: 'reader',
      action: /listAssociatedResources\/action$/,
      scope: identityId('shared'),
    });
    assert.equal((await list('', 'reader')).status, 200);
    await cloud.ask('DELETE', identityId('shared'));
    assert.equal(codeOf(await list()), 'ResourceNotFound');
  });
  it('goes on showing nothing once an identity was taken off', async () => {
    await cloud.ask('PATCH', site('a1'), { body: { identity: { type: 'None' } } });
    assert.deepEqual(await names('&$orderby=name'), ['b2', 'c3', 'vm1']);
  });
});

describe('DELETE of an identity that is in use', () => {
  it('is allowed: the resource keeps a stale entry, the machine can use it no more', async () => {
    await put('shared');
    await give(machineId('vm1'), 'shared');
    assert.equal((await cloud.ask('DELETE', identityId('shared'))).status, 200);
    const { json } = await cloud.ask('GET', machineId('vm1'));
    assert.deepEqual(Object.keys(at(json, 'identity', 'userAssignedIdentities') as object), [identityId('shared')]);
    assert.deepEqual(cloud.machines.view(machineId('vm1'))?.identities, []);
    assert.equal((await cloud.ask('PATCH', machineId('vm1'), { body: { tags: {} } })).status, 200);
  });
});
