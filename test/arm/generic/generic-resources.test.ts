import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import { type DocumentKey, documentKey } from '../../../src/core/ports/store.ts';
import { subscription } from '../kit/door.ts';
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

const storage = (name: string) => `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
const site = (name: string) => `${group}/providers/Microsoft.Web/sites/${name}`;
const eastUs = { location: 'East US' };
const put = (id: string, body: unknown = eastUs, headers: Record<string, string> = {}) =>
  cloud.ask('PUT', id, { body, headers });
const namesOf = (body: JsonObject) => (body['value'] as readonly JsonObject[]).map(({ name }) => name);

describe('PUT of a resource of a type in the manifest', () => {
  it('makes the document, 201, done at once, and reads back as it was answered', async () => {
    const body = {
      location: 'East US',
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      tags: { a: 'b' },
      zones: ['1'],
    };
    const made = await put(storage('data1'), { ...body, properties: { accessTier: 'Hot' } });
    assert.equal(made.status, 201);
    const { systemData, ...envelope } = made.json;
    assert.deepEqual(envelope, {
      ...body,
      id: storage('data1'),
      name: 'data1',
      type: 'Microsoft.Storage/storageAccounts',
      location: 'eastus',
      properties: { accessTier: 'Hot', provisioningState: 'Succeeded' },
    });
    assert.equal(at(systemData, 'createdBy'), 'owner');
    const read = await cloud.ask('GET', storage('DATA1').toUpperCase());
    assert.deepEqual([read.json, read.headers.get('etag')], [made.json, made.headers.get('etag')]);
    assert.deepEqual(
      [(await cloud.ask('HEAD', storage('data1'))).status, (await cloud.ask('HEAD', storage('none1'))).status],
      [204, 404],
    );
  });
  it('puts another in its place, 200: what the body leaves out goes, who made it stays', async () => {
    const made = await put(storage('data1'), { ...eastUs, kind: 'StorageV2', properties: { accessTier: 'Hot' } });
    const again = await put(storage('DATA1'), made.json);
    assert.equal(again.status, 200);
    const bare = await put(storage('data1'));
    assert.deepEqual([bare.json['kind'], bare.json['properties']], [undefined, { provisioningState: 'Succeeded' }]);
    assert.deepEqual(
      [bare.json['id'], at(bare.json, 'systemData', 'createdAt')],
      [storage('data1'), at(made.json, 'systemData', 'createdAt')],
    );
  });
  it('stores no secret that a request carries', async () => {
    const properties = {
      administratorLogin: 'boss',
      administratorLoginPassword: 'hunter2',
      nested: [{ connectionString: 'AccountKey=x' }],
      configuration: { secrets: [{ name: 'one', value: 'hush' }] },
    };
    const made = await put(`${group}/providers/Microsoft.Sql/servers/sql1`, { ...eastUs, properties });
    assert.deepEqual(made.json['properties'], {
      administratorLogin: 'boss',
      nested: [{}],
      configuration: { secrets: [{ name: 'one' }] },
      provisioningState: 'Succeeded',
    });
    assert.doesNotMatch(
      (await cloud.ask('GET', `${group}/providers/Microsoft.Sql/servers/sql1`)).text,
      /hunter2|hush|AccountKey/,
    );
  });
  it('keeps the region: needs a known one, takes global, refuses another', async () => {
    assert.equal(codeOf(await put(storage('data1'), {})), 'LocationRequired');
    assert.equal(codeOf(await put(storage('data1'), { location: 'atlantis' })), 'LocationNotAvailableForResourceType');
    await put(storage('data1'));
    assert.equal(codeOf(await put(storage('data1'), { location: 'westeurope' })), 'InvalidResourceLocation');
    assert.equal((await put(storage('data1'), { tags: {} })).json['location'], 'eastus');
    const zone = await put(`${group}/providers/Microsoft.Network/dnsZones/example.org`, { location: 'Global' });
    assert.equal(zone.json['location'], 'global');
  });
  for (const [what, body] of [
    ['a member that no resource has', { ...eastUs, colour: 'red' }],
    ['properties that are no object', { ...eastUs, properties: 'x' }],
    ['a kind that is no string', { ...eastUs, kind: 1 }],
    ['zones that are no strings', { ...eastUs, zones: [1] }],
    ['no object', [1]],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal(codeOf(await put(storage('data1'), body)), 'InvalidRequestContent');
      assert.equal((await cloud.ask('GET', storage('data1'))).status, 404);
    });
  }
  for (const name of ['x'.repeat(261), 'dot.', 'a*b', 'a:b']) {
    it(`refuses the name '${name.slice(0, 8)}'`, async () => {
      assert.equal(codeOf(await put(storage(encodeURIComponent(name)))), 'InvalidResourceName');
    });
  }
  it('judges If-Match and If-None-Match', async () => {
    const made = await put(storage('data1'), eastUs, { 'if-none-match': '*' });
    assert.equal((await put(storage('data1'), eastUs, { 'if-none-match': '*' })).status, 412);
    assert.equal((await put(storage('data1'), eastUs, { 'if-match': made.headers.get('etag') ?? '' })).status, 200);
    assert.equal((await put(storage('data1'), eastUs, { 'if-match': made.headers.get('etag') ?? '' })).status, 412);
  });
});

describe('PATCH', () => {
  it('merges, replaces tags as a set, removes by null', async () => {
    await put(storage('data1'), {
      ...eastUs,
      kind: 'StorageV2',
      tags: { a: '1', b: '2' },
      properties: { x: { y: 1 }, z: 2 },
    });
    const body = { tags: { c: '3' }, kind: null, properties: { x: { w: 3 }, z: null } };
    const { json, status } = await cloud.ask('PATCH', storage('data1'), { body });
    assert.deepEqual([status, json['tags'], json['kind']], [200, { c: '3' }, undefined]);
    assert.deepEqual(json['properties'], { x: { y: 1, w: 3 }, provisioningState: 'Succeeded' });
  });
  it('refuses what does not exist, and another region', async () => {
    assert.equal(codeOf(await cloud.ask('PATCH', storage('data1'), { body: {} })), 'ResourceNotFound');
    await put(storage('data1'));
    const moved = await cloud.ask('PATCH', storage('data1'), { body: { location: 'westus' } });
    assert.equal(codeOf(moved), 'InvalidResourceLocation');
  });
});

describe('a child or an extension', () => {
  const database = `${group}/providers/Microsoft.Sql/servers/sql1/databases/db1`;
  it('needs its parent, and goes with it', async () => {
    assert.equal(codeOf(await put(database)), 'ParentResourceNotFound');
    await put(`${group}/providers/Microsoft.Sql/servers/sql1`);
    assert.equal((await put(database)).status, 201);
    const listed = await cloud.ask('GET', `${group}/providers/Microsoft.Sql/servers/sql1/databases`);
    assert.deepEqual(namesOf(listed.json), ['db1']);
    assert.equal((await cloud.ask('DELETE', `${group}/providers/Microsoft.Sql/servers/sql1`)).status, 200);
    assert.equal((await cloud.ask('GET', database)).status, 404);
  });
  it('may lie in a step named default, which comes with its parent', async () => {
    const container = `${storage('data1')}/blobServices/default/containers/c1`;
    assert.equal(codeOf(await put(container, {})), 'ParentResourceNotFound');
    await put(storage('data1'));
    assert.equal((await put(container, { properties: {} })).status, 201);
  });
  it('extends a resource that exists', async () => {
    const settings = `${storage('data1')}/providers/Microsoft.Insights/diagnosticSettings/all`;
    assert.equal(codeOf(await put(settings, { properties: {} })), 'ParentResourceNotFound');
    await put(storage('data1'));
    assert.equal((await put(settings, { properties: {} })).status, 201);
    assert.equal((await cloud.ask('GET', settings)).json['type'], 'Microsoft.Insights/diagnosticSettings');
  });
});

describe('DELETE', () => {
  it('answers 200, then 204', async () => {
    await put(storage('data1'));
    assert.deepEqual(
      [(await cloud.ask('DELETE', storage('data1'))).status, (await cloud.ask('DELETE', storage('data1'))).status],
      [200, 204],
    );
  });
});

describe('a deletion beside writes below it', () => {
  it('leaves no child and no principal behind', async () => {
    const slot = (n: number) => `${site('web1')}/slots/s${n}`;
    const before = await cloud.store.list('/directory/serviceprincipals' as DocumentKey);
    await put(site('web1'));
    const body = { ...eastUs, identity: { type: 'SystemAssigned' } };
    const writes = Array.from({ length: 10 }, (_, n) => put(slot(n), body));
    await Promise.all([...writes.slice(0, 5), cloud.ask('DELETE', site('web1')), ...writes.slice(5)]);
    assert.deepEqual(await cloud.store.list(documentKey(site('web1'))), []);
    assert.deepEqual(await cloud.store.list('/directory/serviceprincipals' as DocumentKey), before);
  });
});

describe('lists', () => {
  it('hold those of the group or the subscription, and /resources shows them', async () => {
    await cloud.ask('PUT', `${subscription}/resourceGroups/rg10`, { body: eastUs });
    await put(storage('one1'));
    await put(storage('two2').replace('/rg1/', '/rg10/'));
    const type = 'providers/Microsoft.Storage/storageAccounts';
    assert.deepEqual(namesOf((await cloud.ask('GET', `${group}/${type}`)).json), ['one1']);
    assert.deepEqual(namesOf((await cloud.ask('GET', `${subscription}/${type}`)).json), ['one1', 'two2']);
    assert.deepEqual(namesOf((await cloud.ask('GET', `${subscription}/resources`)).json), ['one1', 'two2']);
    const first = await cloud.ask('GET', `${subscription}/${type}?$top=1`);
    assert.deepEqual([namesOf(first.json), typeof first.json['nextLink']], [['one1'], 'string']);
  });
});

describe('what the manifest does not have', () => {
  it('is refused as before: an unknown type, an unknown namespace, an action', async () => {
    assert.equal(codeOf(await put(`${group}/providers/Microsoft.Storage/cupboards/x`)), 'InvalidResourceType');
    assert.equal(codeOf(await put(`${group}/providers/Contoso.Nowhere/things/x`)), 'InvalidResourceNamespace');
    const action = await cloud.ask('POST', `${storage('data1')}/listKeys`);
    assert.deepEqual([action.status, codeOf(action)], [405, 'HttpMethodNotAllowed']);
  });
  it('refuses an api-version before the oldest', async () => {
    const old = await cloud.ask('PUT', `${storage('data1')}?api-version=2001-01-01`, { body: eastUs });
    assert.equal(codeOf(old), 'NoRegisteredProviderFound');
    assert.equal(codeOf(await cloud.ask('GET', `${storage('data1')}?api-version=2001-01-01`)), 'InvalidResourceType');
  });
  it('leaves a type with code of its own to it', async () => {
    const made = await cloud.ask('PUT', machineId('vm1'), { body: { ...eastUs, colour: 'red' } });
    assert.equal(made.status, 201);
    assert.equal(cloud.host.calls.length > 0, true);
  });
});

describe('permissions', () => {
  it('are {namespace}/{type}/{read|write|delete} at the resource', async () => {
    await put(storage('data1'));
    const reader = { token: 'reader' };
    assert.equal(codeOf(await cloud.ask('GET', storage('data1'), reader)), 'AuthorizationFailed');
    cloud.grants.push({
      principalId: 'reader',
      action: /^Microsoft\.Storage\/storageAccounts\/read$/,
      scope: storage('data1'),
    });
    assert.equal((await cloud.ask('GET', storage('data1'), reader)).status, 200);
    assert.equal((await cloud.ask('GET', storage('data10'), reader)).status, 403);
    assert.equal((await cloud.ask('DELETE', storage('data1'), reader)).status, 403);
    const listed = await cloud.ask('GET', `${group}/providers/Microsoft.Storage/storageAccounts`, reader);
    assert.deepEqual(namesOf(listed.json), ['data1']);
  });
});

describe('identities of a resource', () => {
  const principalOf = (body: JsonObject) => String(at(body, 'identity', 'principalId'));
  it('are made with it and end with it', async () => {
    const made = await put(site('web1'), { ...eastUs, identity: { type: 'SystemAssigned' } });
    const principalId = principalOf(made.json);
    assert.equal(cloud.directory.servicePrincipal(principalId)?.resourceId, site('web1'));
    const shown = await cloud.ask('GET', `${site('web1')}/providers/Microsoft.ManagedIdentity/identities/default`);
    assert.equal(at(shown.json, 'properties', 'principalId'), principalId);
    assert.equal(principalOf((await put(site('web1'))).json), principalId);
    const none = await cloud.ask('PATCH', site('web1'), { body: { identity: { type: 'None' } } });
    assert.deepEqual([none.json['identity'], cloud.directory.servicePrincipal(principalId)], [undefined, undefined]);
    const again = principalOf((await put(site('web1'), { ...eastUs, identity: { type: 'SystemAssigned' } })).json);
    await cloud.ask('DELETE', site('web1'));
    assert.equal(cloud.directory.servicePrincipal(again), undefined);
  });
  it('end with the group', async () => {
    const made = await put(site('web1'), { ...eastUs, identity: { type: 'SystemAssigned' } });
    await cloud.done('DELETE', group);
    assert.equal(cloud.directory.servicePrincipal(principalOf(made.json)), undefined);
  });
  it('that are user-assigned need the right to assign them', async () => {
    await put(identityId('shared'));
    const identity = { type: 'UserAssigned', userAssignedIdentities: { [identityId('shared')]: {} } };
    cloud.grants.push({ principalId: 'reader', action: /^Microsoft\.Web\//, scope: group });
    const body = { ...eastUs, identity };
    const denied = await cloud.ask('PUT', site('web1'), { body, token: 'reader' });
    assert.equal(codeOf(denied), 'LinkedAuthorizationFailed');
    cloud.grants.push({ principalId: 'reader', action: /assign\/action$/, scope: identityId('shared') });
    const made = await cloud.ask('PUT', site('web1'), { body, token: 'reader' });
    assert.equal(
      typeof at(made.json, 'identity', 'userAssignedIdentities', identityId('shared'), 'clientId'),
      'string',
    );
  });
});
