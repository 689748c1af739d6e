import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { seedSubscription } from '../../../src/arm/providers/Microsoft.Resources/subscription.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import { registrationKey } from '../../../src/core/registration.ts';
import { subscription } from '../kit/door.ts';
import { tenantId } from '../kit/ports.ts';
import {
  at,
  type Cloud,
  codeOf,
  group,
  identityId,
  machineId,
  openCloud,
} from '../providers/Microsoft.Compute/cloud.ts';

const otherSubscription = '33333333-3333-4333-8333-333333333333';
const target = `${subscription}/resourceGroups/rg2`;
const far = `/subscriptions/${otherSubscription}/resourceGroups/rg9`;
const eastUs = { location: 'eastus' };
const site = (name: string, inGroup = group) => `${inGroup}/providers/Microsoft.Web/sites/${name}`;

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
  await seedSubscription(cloud.store, { subscriptionId: otherSubscription, tenantId });
  cloud.grants.push({ principalId: 'owner', action: /./, scope: `/subscriptions/${otherSubscription}` });
  await cloud.ask('PUT', target, { body: eastUs });
  await cloud.ask('PUT', far, { body: eastUs });
});
afterEach(() => cloud.close());

const make = (id: string, more: object = {}) => cloud.done('PUT', id, { body: { ...eastUs, ...more } });
const move = (resources: readonly string[], targetResourceGroup = target, token = 'owner') =>
  cloud.done('POST', `${group}/moveResources`, { body: { resources, targetResourceGroup }, token });
const statusOf = async (id: string) => (await cloud.ask('GET', id)).status;

describe('POST moveResources', () => {
  for (const [where, into] of [
    ['into another group', target],
    ['into another subscription', far],
  ] as const) {
    it(`brings a resource with its children and extensions ${where}`, async () => {
      await make(site('web1'), { tags: { a: '1' } });
      await make(`${site('web1')}/slots/blue`, { properties: { serverFarmId: `${site('web1')}/x` } });
      const settings = 'providers/Microsoft.Insights/diagnosticSettings/all';
      await cloud.ask('PUT', `${site('web1')}/${settings}`, { body: { properties: {} } });
      await make(site('web10'));
      const moved = await move([site('web1').replace('rg1', 'RG1')], into);
      assert.equal(moved.status, 202);
      const there = (await cloud.ask('GET', site('web1', into))).json;
      assert.deepEqual([there['id'], there['tags']], [site('web1', into), { a: '1' }]);
      const slot = (await cloud.ask('GET', `${site('web1', into)}/slots/blue`)).json;
      assert.deepEqual(
        [slot['id'], at(slot, 'properties', 'serverFarmId')],
        [`${site('web1', into)}/slots/blue`, `${site('web1', into)}/x`],
      );
      assert.equal(await statusOf(`${site('web1', into)}/${settings}`), 200);
      assert.deepEqual([await statusOf(site('web1')), await statusOf(`${site('web1')}/slots/blue`)], [404, 404]);
      assert.equal(await statusOf(site('web10')), 200);
    });
  }
  it('keeps the principal and drops the role assignments', async () => {
    const made = await make(site('web1'), { identity: { type: 'SystemAssigned' } });
    const principalId = String(at(made.json, 'identity', 'principalId'));
    const assignment = (id: string) => documentKey(`${id}/providers/Microsoft.Authorization/roleAssignments/one`);
    await cloud.store.transact([{ put: assignment(site('web1')), body: { id: `${site('web1')}/x` } }]);
    await move([site('web1')]);
    assert.equal(at((await cloud.ask('GET', site('web1', target))).json, 'identity', 'principalId'), principalId);
    const principal = cloud.directory.servicePrincipal(principalId);
    assert.deepEqual(
      [principal?.resourceId, principal?.alternativeNames[1]],
      [site('web1', target), site('web1', target).replace('resourceGroups', 'resourcegroups')],
    );
    assert.equal(await cloud.store.get(assignment(site('web1'))), undefined);
    assert.equal(await cloud.store.get(assignment(site('web1', target))), undefined);
  });
  it('refuses machines and identities', async () => {
    await make(machineId('vm1'));
    await make(identityId('shared'));
    await make(site('web1'));
    for (const id of [machineId('vm1'), identityId('shared')]) {
      assert.equal(codeOf(await move([site('web1'), id])), 'ResourceMoveNotSupported');
    }
    assert.equal(await statusOf(site('web1')), 200);
  });
  it('refuses a child, what is elsewhere, what is missing, and a name that is taken', async () => {
    await make(site('web1'));
    await make(`${site('web1')}/slots/blue`);
    await make(site('web2', target));
    await make(site('web2'));
    const refused = 'ResourceMoveProviderValidationFailed';
    assert.equal(codeOf(await move([`${site('web1')}/slots/blue`])), refused);
    assert.equal(codeOf(await move([site('web2', target)])), refused);
    assert.equal(codeOf(await move([site('none')])), refused);
    assert.equal(codeOf(await move([site('web1'), site('web2')])), refused);
    assert.equal(codeOf(await move([site('web1')], group)), refused);
    assert.equal(codeOf(await move([group])), refused);
    assert.equal(await statusOf(site('web1')), 200);
  });
  for (const [what, body] of [
    ['no resources', { resources: [], targetResourceGroup: target }],
    ['resources that are no strings', { resources: [1], targetResourceGroup: target }],
    ['801 resources', { resources: Array.from({ length: 801 }, (_, n) => site(`w${n}`)), targetResourceGroup: target }],
    ['no target', { resources: [site('web1')] }],
    ['a target that is no group', { resources: [site('web1')], targetResourceGroup: subscription }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal(codeOf(await cloud.ask('POST', `${group}/moveResources`, { body })), 'InvalidRequestContent');
    });
  }
  it('refuses a group that is not there, as source or as target', async () => {
    await make(site('web1'));
    assert.equal(codeOf(await move([site('web1')], `${target}0`)), 'ResourceGroupNotFound');
    const body = { resources: [site('web1')], targetResourceGroup: target };
    assert.equal(codeOf(await cloud.ask('POST', `${group}0/moveResources`, { body })), 'ResourceGroupNotFound');
  });
  it('refuses a subscription that does not use the namespace', async () => {
    await make(site('web1'));
    const key = registrationKey(otherSubscription, 'Microsoft.Web');
    await cloud.store.transact([{ put: key, body: { registrationState: 'NotRegistered' } }]);
    assert.equal(codeOf(await move([site('web1')], far)), 'MissingSubscriptionRegistration');
  });
  for (const [where, scope] of [
    ['the target group', target],
    ['the resource', site('web1')],
    ["the resource's child", `${site('web1')}/slots/blue`],
  ] as const) {
    it(`refuses under a read-only lock at ${where}, and not under one beside it`, async () => {
      await make(site('web1'));
      await make(`${site('web1')}/slots/blue`);
      const lock = async (at: string, level: string) => {
        const id = `${at}/providers/Microsoft.Authorization/locks/one`;
        await cloud.store.transact([{ put: documentKey(id), body: { id, properties: { level } } }]);
      };
      await lock(scope, 'ReadOnly');
      assert.equal(codeOf(await move([site('web1')])), 'ScopeLocked');
      await lock(scope, 'CanNotDelete');
      await lock(`${target}0`, 'ReadOnly');
      assert.equal((await move([site('web1')])).status, 202);
    });
  }
  it('needs moveResources/action at the source and write at the target', async () => {
    await make(site('web1'));
    const groups = 'Microsoft.Resources/subscriptions/resourceGroups';
    assert.equal(codeOf(await move([site('web1')], target, 'reader')), 'AuthorizationFailed');
    cloud.grants.push({ principalId: 'reader', action: new RegExp(`^${groups}/moveResources/action$`), scope: group });
    assert.equal(codeOf(await move([site('web1')], target, 'reader')), 'LinkedAuthorizationFailed');
    cloud.grants.push({ principalId: 'reader', action: new RegExp(`^${groups}/write$`), scope: target });
    assert.equal((await move([site('web1')], target, 'reader')).status, 202);
  });
});

describe('POST validateMoveResources', () => {
  it('moves nothing, and says 204 at the end', async () => {
    await make(site('web1'));
    const body = { resources: [site('web1')], targetResourceGroup: target };
    const told = await cloud.done('POST', `${group}/validateMoveResources`, { body });
    const location = new URL(told.headers.get('location') ?? '');
    assert.equal((await cloud.ask('GET', `${location.pathname}${location.search}`)).status, 204);
    assert.deepEqual([await statusOf(site('web1')), await statusOf(site('web1', target))], [200, 404]);
    const wrong = await cloud.done('POST', `${group}/validateMoveResources`, {
      body: { ...body, resources: [site('none')] },
    });
    assert.equal(wrong.status, 409);
  });
});
