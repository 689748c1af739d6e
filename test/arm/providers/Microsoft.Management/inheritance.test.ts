import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openAuthorizer } from '../../../../src/arm/authorize/open-authorizer.ts';
import { openScopeHierarchy } from '../../../../src/arm/containers/scope-hierarchy.ts';
import { builtInRoles } from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { isWithin } from '../../../../src/core/ports/scope-hierarchy.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { type Governed, openGoverned, readerRoleId } from './governed.ts';

let tenant: Governed;
const idOf = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;
const create = (name: string, parent?: string) =>
  tenant.ask('PUT', idOf(name), {
    token: 'root',
    body: { properties: { details: { parent: parent === undefined ? {} : { id: idOf(parent) } } } },
  });
const place = (group: string, method = 'PUT') =>
  tenant.ask(method, `${idOf(group)}/subscriptions/${tenant.subscriptionId}`, { token: 'root' });
const subscription = () => `/subscriptions/${tenant.subscriptionId}`;
const vm = () => `${subscription()}/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/vm1`;
const reads = (scope: string) => tenant.decide('other', 'Microsoft.Compute/virtualMachines/read', scope);
const writes = (scope: string) => tenant.decide('other', 'Microsoft.Compute/virtualMachines/write', scope);

beforeEach(async () => {
  tenant = await openGoverned();
  await tenant.assign('root', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', subscription());
  await create('a');
  await create('b', 'a');
  await create('a1');
});
afterEach(() => tenant.close());

describe('a role at a management group', () => {
  it('holds for the groups, subscriptions and resources below it, and for nothing beside it', async () => {
    await tenant.assign('other', readerRoleId, idOf('a'));
    assert.equal(reads(vm()), false, 'the subscription lies at the root');
    await place('b');
    for (const scope of [idOf('a'), idOf('B'), subscription(), vm(), vm().toUpperCase()]) {
      assert.ok(reads(scope), scope);
      assert.equal(writes(scope), false);
    }
    for (const scope of [
      idOf('a1'),
      tenant.context.hierarchy.root,
      '/',
      '/subscriptions/33333333-2222-4222-8222-222222222222',
    ]) {
      assert.equal(reads(scope), false, scope);
    }
  });
  it('changes with the subscription that moves, at once', async () => {
    await tenant.assign('other', readerRoleId, idOf('b'));
    await place('b');
    assert.ok(reads(vm()));
    await place('a1');
    assert.equal(reads(vm()), false);
    await place('b');
    assert.ok(reads(vm()));
    await place('b', 'DELETE');
    assert.equal(reads(vm()), false);
  });
  it('changes with the group that moves, at once', async () => {
    await tenant.assign('other', readerRoleId, idOf('a'));
    await place('b');
    assert.ok(reads(vm()));
    await tenant.ask('PATCH', idOf('b'), { token: 'root', body: { parentGroupId: idOf('a1') } });
    assert.equal(reads(vm()), false);
  });
  it('at the root holds for every subscription, one at the tenant too', async () => {
    await tenant.assign('other', readerRoleId, tenant.context.hierarchy.root);
    assert.ok(reads(vm()));
    await place('b');
    assert.ok(reads(vm()));
    assert.ok(reads(idOf('b')));
    await tenant.assign('machine', readerRoleId, '/');
    assert.ok(tenant.decide('machine', 'Microsoft.Compute/virtualMachines/read', vm()));
  });
  it('is what gave the permission, in the explanation; one at another group comes nearest', async () => {
    await tenant.assign('other', readerRoleId, idOf('a'));
    const { authorizer } = tenant.context;
    const ask = { principalId: 'other', action: 'Microsoft.Compute/virtualMachines/read', scope: vm() };
    const { because: before } = authorizer.decide(ask);
    assert.ok(before.kind === 'nearestMiss' && before.reason === 'otherScope');
    await place('b');
    const { because } = authorizer.decide(ask);
    assert.ok(because.kind === 'allowedBy' && because.grant.assignment.scope === idOf('a'));
    const { because: miss } = authorizer.decide({ ...ask, action: 'Microsoft.Compute/virtualMachines/write' });
    assert.ok(miss.kind === 'nearestMiss' && miss.reason === 'actionNotInRole');
    assert.equal(authorizer.permissionsAt('other', vm()).length, 1);
  });
  it('shows the subscriptions below it, and those that came there', async () => {
    await tenant.assign('other', readerRoleId, idOf('a'));
    const seen = async () =>
      ((await tenant.ask('GET', '/subscriptions', { token: 'other' })).json['value'] as JsonObject[]).length;
    assert.equal(await seen(), 0);
    await place('b');
    assert.equal(await seen(), 1);
    assert.equal((await tenant.ask('GET', subscription(), { token: 'other' })).status, 200);
    await place('a1');
    assert.equal(await seen(), 0);
  });
  it('ends with the group', async () => {
    await tenant.assign('other', readerRoleId, idOf('b'));
    await tenant.ask('DELETE', idOf('b'), { token: 'root' });
    await create('b');
    await place('b');
    assert.equal(reads(vm()), false);
  });
});

describe('a deny assignment at a management group', () => {
  const deny = (scope: string, doNotApplyToChildScopes: boolean) => {
    const id = `${scope}/providers/Microsoft.Authorization/denyAssignments/00000000-0000-4000-8000-0000000000aa`;
    const everyone = [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }];
    const permissions = [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }];
    const properties = { denyAssignmentName: 'no', scope, principals: everyone, permissions, doNotApplyToChildScopes };
    return tenant.store.transact([{ put: documentKey(id), body: { id, properties } }]);
  };
  it('forbids below it, as it moves; with doNotApplyToChildScopes at the group alone', async () => {
    await tenant.assign('other', readerRoleId, '/');
    await place('b');
    await deny(idOf('a'), false);
    assert.equal(reads(vm()), false);
    await place('a1');
    assert.ok(reads(vm()));
    await deny(idOf('a1'), true);
    assert.ok(reads(vm()));
    assert.equal(reads(idOf('a1')), false);
  });
});

describe('moving a subscription', () => {
  const move = (group: string, token: string, method = 'PUT') =>
    tenant.ask(method, `${idOf(group)}/subscriptions/${tenant.subscriptionId}`, { token });
  const codeOf = ({ json }: { readonly json: JsonObject }) => (json['error'] as JsonObject | undefined)?.['code'];
  it('answers where it lies now, and is read there', async () => {
    const told = await place('b');
    const expected = {
      name: tenant.subscriptionId,
      id: `${idOf('b')}/subscriptions/${tenant.subscriptionId}`,
      type: 'Microsoft.Management/managementGroups/subscriptions',
      properties: { displayName: 'Postern', parent: { id: idOf('b') }, state: 'Active', tenant: tenant.tenantId },
    };
    assert.deepEqual([told.status, told.json], [200, expected]);
    assert.deepEqual((await place('b', 'GET')).json, expected);
    assert.equal((await place('a', 'GET')).status, 404, 'a has b, not the subscription');
    const list = await tenant.ask('GET', `${idOf('b')}/subscriptions`, { token: 'root' });
    assert.deepEqual(list.json['value'], [expected]);
    assert.equal((await place('a', 'DELETE')).status, 204);
    assert.equal((await place('b', 'DELETE')).status, 200);
    assert.equal((await place(tenant.tenantId, 'GET')).status, 200);
  });
  it('needs the target, the subscription and the group that it leaves; the root asks for nothing', async () => {
    assert.equal(codeOf(await move('b', 'admin')), 'AuthorizationFailed', 'admin may not write b');
    await tenant.ask('PUT', idOf('own'), { token: 'admin', body: {} });
    assert.equal((await move('own', 'admin')).status, 200);
    await tenant.ask('PUT', idOf('others'), { token: 'other', body: {} });
    assert.equal(
      codeOf(await move('others', 'other')),
      'LinkedAuthorizationFailed',
      'other has no role in the subscription',
    );
    await place('b');
    await tenant.ask('PUT', idOf('own2'), { token: 'admin', body: {} });
    assert.equal(codeOf(await move('own2', 'admin')), 'LinkedAuthorizationFailed', 'admin may not take it out of b');
    await place('b', 'DELETE');
    assert.equal((await move('own2', 'admin')).status, 200);
    assert.equal((await move(tenant.tenantId, 'admin')).status, 200, 'to the root');
  });
  it('needs a group and a subscription that exist', async () => {
    const none = `${idOf('b')}/subscriptions/33333333-3333-4333-8333-333333333333`;
    await tenant.assign('root', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', '/');
    assert.equal((await tenant.ask('PUT', none, { token: 'root' })).status, 404);
    assert.equal((await place('none')).status, 404);
  });
});

describe('the hierarchy', () => {
  it('is the same after a restart', async () => {
    await place('b');
    await tenant.assign('other', readerRoleId, idOf('a'));
    const again = await openScopeHierarchy(tenant.store, tenant.tenantId);
    const line = [idOf('b'), idOf('a'), idOf(tenant.tenantId), '/'];
    assert.deepEqual(again.ancestorsOf(vm()), line);
    assert.deepEqual(tenant.context.hierarchy.ancestorsOf(vm().toUpperCase()), line);
    const { directory } = tenant.context;
    const authorizer = await openAuthorizer({ store: tenant.store, directory, roles: builtInRoles, hierarchy: again });
    const question = { principalId: 'other', action: 'Microsoft.Compute/virtualMachines/read', scope: vm() };
    assert.ok(authorizer.decide(question).allowed);
    authorizer.close();
    again.close();
  });
  it('tells what lies within what', () => {
    const { hierarchy } = tenant.context;
    assert.deepEqual(hierarchy.ancestorsOf('/'), []);
    assert.deepEqual(hierarchy.ancestorsOf(hierarchy.root), ['/']);
    assert.deepEqual(hierarchy.ancestorsOf('/providers/Microsoft.Other/things/x'), ['/']);
    assert.deepEqual(hierarchy.subscriptionsBelow(hierarchy.root), [tenant.subscriptionId]);
    assert.deepEqual(hierarchy.subscriptionsBelow(idOf('a')), []);
    assert.ok(isWithin(hierarchy, vm(), hierarchy.root));
    assert.ok(isWithin(hierarchy, idOf('b'), idOf('A')));
    assert.ok(!isWithin(hierarchy, idOf('a'), idOf('b')));
    assert.ok(!isWithin(hierarchy, idOf('a1'), idOf('a')));
  });
});
