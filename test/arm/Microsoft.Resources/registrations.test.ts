import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import { type Governed, openGoverned } from '../providers/Microsoft.Management/governed.ts';

let tenant: Governed;
const base = () => `/subscriptions/${tenant.subscriptionId}/providers`;
const ask = (method: string, path: string, token = 'admin') => tenant.ask(method, `${base()}/${path}`, { token });
const stateOf = async (namespace = 'Microsoft.Management') => (await ask('GET', namespace)).json['registrationState'];
const codeOf = ({ json }: { readonly json: JsonObject }) => (json['error'] as JsonObject | undefined)?.['code'];

beforeEach(async () => {
  tenant = await openGoverned();
});
afterEach(() => tenant.close());

describe('the registration of a namespace', () => {
  it('goes by Unregistering to Unregistered, and by Registering to Registered', async () => {
    assert.equal(await stateOf(), 'Registered');
    const told = await ask('POST', 'microsoft.management/unregister');
    assert.deepEqual([told.status, told.json['registrationState']], [200, 'Unregistering']);
    tenant.advance(1000);
    assert.equal(await stateOf(), 'Unregistered');
    assert.equal((await ask('POST', 'Microsoft.Management/register')).json['registrationState'], 'Registering');
    tenant.advance(999);
    assert.equal(await stateOf(), 'Registering');
    tenant.advance(1);
    assert.equal(await stateOf(), 'Registered');
    assert.equal((await ask('POST', 'Microsoft.Management/register')).json['registrationState'], 'Registered');
  });
  it('stays with a namespace that the subscription has resources of', async () => {
    const id = `/subscriptions/${tenant.subscriptionId}/providers/microsoft.authorization/locks/x`;
    await tenant.store.transact([{ put: documentKey(id), body: { id } }]);
    assert.equal(codeOf(await ask('POST', 'Microsoft.Authorization/unregister')), 'OperationNotAllowed');
    const group = `/subscriptions/${tenant.subscriptionId}/resourceGroups/g/providers/Microsoft.Management/managementGroups/x`;
    await tenant.store.transact([{ put: documentKey(group), body: { id: group } }]);
    const told = await ask('POST', 'Microsoft.Management/unregister');
    assert.deepEqual([told.status, codeOf(told)], [409, 'OperationNotAllowed']);
    assert.match(JSON.stringify(told.json), new RegExp(group));
  });
  it('of the namespaces that a subscription cannot do without stays', async () => {
    for (const namespace of ['Microsoft.Resources', 'Microsoft.Subscription']) {
      assert.equal(codeOf(await ask('POST', `${namespace}/unregister`)), 'OperationNotAllowed');
    }
  });
  it('needs its own permission, and a namespace that exists', async () => {
    assert.equal(codeOf(await ask('POST', 'Microsoft.Management/register', 'other')), 'AuthorizationFailed');
    assert.equal(codeOf(await ask('POST', 'Contoso.None/register')), 'InvalidResourceNamespace');
  });
  it('is made for every subscription below a management group', async () => {
    await ask('POST', 'Microsoft.Management/unregister');
    tenant.advance(1000);
    const register = (group: string) =>
      tenant.ask('POST', `${group}/providers/Microsoft.Management/register`, { token: 'root' });
    const group = '/providers/Microsoft.Management/managementGroups/a';
    await tenant.ask('PUT', group, { token: 'root', body: {} });
    assert.equal((await register(group)).status, 200);
    assert.equal(await stateOf(), 'Unregistered', 'it lies elsewhere');
    assert.equal((await register(tenant.context.hierarchy.root)).status, 200);
    tenant.advance(1000);
    assert.equal(await stateOf(), 'Registered');
  });
});

describe('the list of namespaces', () => {
  it('has a state in a subscription and none at the tenant', async () => {
    const own = await tenant.ask('GET', base());
    const tenantWide = await tenant.ask('GET', '/providers');
    const stateIn = (told: { readonly json: JsonObject }) =>
      (told.json['value'] as JsonObject[]).map((each) => each['registrationState']);
    assert.ok(stateIn(own).every((state) => state === 'Registered'));
    assert.ok(stateIn(tenantWide).every((state) => state === undefined));
  });
  it('shows aliases when they are asked for', async () => {
    const types = async (query: string) =>
      (await tenant.ask('GET', `/providers/Microsoft.Management${query}`)).json['resourceTypes'] as JsonObject[];
    assert.deepEqual((await types('?$expand=resourceTypes/aliases'))[0]?.['aliases'], []);
    assert.equal((await types(''))[0]?.['aliases'], undefined);
  });
});

describe('the permissions of a namespace', () => {
  it('are those of no application: the services are Postern itself', async () => {
    const told = await ask('GET', 'microsoft.management/providerPermissions');
    assert.deepEqual([told.status, told.json], [200, { value: [] }]);
  });
  it('are of a namespace that exists, for who may read it', async () => {
    assert.equal(codeOf(await ask('GET', 'Contoso.None/providerPermissions')), 'InvalidResourceNamespace');
    assert.equal(codeOf(await ask('GET', 'Microsoft.Management/providerPermissions', 'other')), 'AuthorizationFailed');
    assert.equal((await ask('POST', 'Microsoft.Management/providerPermissions')).status, 405);
  });
});
