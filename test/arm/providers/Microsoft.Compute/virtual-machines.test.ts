import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { subscription } from '../../kit/door.ts';
import { at, type Cloud, codeOf, group, machineId, openCloud } from './cloud.ts';

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.close());

const web1 = machineId('web-1');
const location = 'eastus';
const put = (body: unknown = { location }, id = web1, headers = {}) => cloud.done('PUT', id, { body, headers });
const patch = (body: unknown, headers = {}) => cloud.done('PATCH', web1, { body, headers });
const get = async (query = '') => (await cloud.ask('GET', `${web1}${query}`)).json;

describe('PUT virtualMachines', () => {
  it('answers 201 Creating with its operation, brings the machine up, then says Succeeded', async () => {
    const made = await put({ location: 'East US', tags: { a: 'b' } });
    assert.deepEqual([made.status, at(made.json, 'properties', 'provisioningState')], [201, 'Creating']);
    assert.match(made.headers.get('azure-asyncoperation') ?? '', /Microsoft.Compute\/locations\/eastus\/operations\//);
    assert.deepEqual(cloud.host.calls, ['start web-1']);
    const machine = await get();
    assert.equal(at(machine, 'properties', 'provisioningState'), 'Succeeded');
    assert.equal(at(machine, 'properties', 'vmId'), at(made.json, 'properties', 'vmId'));
    assert.deepEqual(
      [machine['id'], machine['name'], machine['location'], machine['tags']],
      [web1, 'web-1', 'eastus', { a: 'b' }],
    );
    assert.equal(machine['type'], 'Microsoft.Compute/virtualMachines');
    assert.equal('identity' in machine, false);
    assert.equal(at(machine, 'systemData', 'createdBy'), 'owner');
  });
  it('fills in what a body of a location alone leaves out', async () => {
    await put();
    const { properties } = await get();
    assert.equal(at(properties, 'hardwareProfile', 'vmSize'), 'Standard_B1s');
    assert.equal(at(properties, 'osProfile', 'adminUsername'), 'azureuser');
    assert.equal(at(properties, 'osProfile', 'computerName'), 'web-1');
    assert.equal(at(properties, 'storageProfile', 'imageReference', 'publisher'), 'Canonical');
    assert.equal(at(properties, 'storageProfile', 'osDisk', 'osType'), 'Linux');
  });
  it('makes the machine with its administrator and the users of the tag, each once', async () => {
    const osProfile = { adminUsername: 'alice', computerName: 'front' };
    await put({ location, tags: { 'Postern-Users': 'bob, carol  bob,alice' }, properties: { osProfile } });
    const [spec] = cloud.host.specs;
    assert.deepEqual([spec?.users, spec?.hostname, spec?.resourceId], [['alice', 'bob', 'carol'], 'front', web1]);
    assert.equal(spec?.vmId, at(await get(), 'properties', 'vmId'));
  });
  it('makes the machine with the groups of the tag', async () => {
    await put({ location, tags: { 'postern-users': 'bob carol', 'Postern-Groups': 'deploy=bob,carol,bob; ops=root' } });
    assert.deepEqual(cloud.host.specs[0]?.groups, [
      { name: 'deploy', members: ['bob', 'carol'] },
      { name: 'ops', members: ['root'] },
    ]);
  });
  it('never stores nor answers a password, custom data, or what is read-only', async () => {
    const osProfile = { adminUsername: 'alice', adminPassword: 'Pa55-word', customData: 'c2VjcmV0' };
    const made = await put({
      location,
      properties: { osProfile, vmId: 'mine', provisioningState: 'Succeeded', userData: 'dXNlcg==' },
    });
    const stored = JSON.stringify(await cloud.store.list(documentKey('/')));
    assert.ok(stored.includes(web1) && stored.includes('dXNlcg=='));
    for (const secret of ['Pa55-word', 'c2VjcmV0']) assert.equal(`${made.text}${stored}`.includes(secret), false);
    assert.notEqual(at(made.json, 'properties', 'vmId'), 'mine');
    assert.equal(at(await get(), 'properties', 'userData'), undefined);
    assert.equal(at(await get('?$expand=userData'), 'properties', 'userData'), 'dXNlcg==');
  });
  it('is refused where machines cannot be made, naming what is missing, and stores nothing', async () => {
    cloud.host.missing = ['user namespaces: sysctl kernel.unprivileged_userns_clone=1'];
    const refused = await put({ location, identity: { type: 'SystemAssigned' } });
    assert.deepEqual([refused.status, codeOf(refused)], [409, 'MachineHostUnavailable']);
    assert.match(refused.text, /kernel.unprivileged_userns_clone=1\. .*--machines doors/);
    assert.equal((await cloud.ask('GET', web1)).status, 404);
    assert.deepEqual(await cloud.store.list(documentKey('/directory/serviceprincipals')), []);
  });
  it('says Failed with the reasons when the machine does not come up, and can be repeated', async () => {
    const { support } = cloud.host;
    cloud.host.support = async () => ({ supported: true, mode: 'root' });
    cloud.host.missing = ['no more processes'];
    const made = await put();
    const operation = await cloud.app.fetch(
      new Request(made.headers.get('azure-asyncoperation') ?? '', { headers: { authorization: 'Bearer owner' } }),
    );
    const { status, error } = (await operation.json()) as { status: string; error: { message: string } };
    assert.deepEqual([status, error.message], ['Failed', 'no more processes']);
    assert.equal(at(await get(), 'properties', 'provisioningState'), 'Failed');
    Object.assign(cloud.host, { missing: [], support });
    assert.deepEqual([(await put()).status, at(await get(), 'properties', 'provisioningState')], [200, 'Succeeded']);
  });
  it('answers 200 for a machine that is there: what is fixed stays, tags and the rest are replaced', async () => {
    await put({ location, tags: { a: 'b' }, properties: { osProfile: { adminUsername: 'alice' }, priority: 'Spot' } });
    const before = await get();
    const again = await put(
      { location, properties: { hardwareProfile: { vmSize: 'Standard_D2s_v5' } } },
      web1.toUpperCase().replace('/SUBSCRIPTIONS/', '/subscriptions/'),
    );
    assert.equal(again.status, 200);
    const after = await get();
    assert.deepEqual([after['id'], at(after, 'properties', 'vmId')], [web1, at(before, 'properties', 'vmId')]);
    assert.deepEqual([after['tags'], at(after, 'properties', 'priority')], [undefined, undefined]);
    assert.equal(at(after, 'properties', 'osProfile', 'adminUsername'), 'alice');
    assert.equal(at(after, 'properties', 'hardwareProfile', 'vmSize'), 'Standard_D2s_v5');
    assert.deepEqual(cloud.host.calls, ['start web-1']);
  });
  it('takes back what it answered', async () => {
    await put({ location, tags: { a: 'b' }, identity: { type: 'SystemAssigned' } });
    const { etag: _, systemData: _data, ...before } = await get();
    assert.equal((await put(before)).status, 200);
    const { etag: __, systemData: __data, ...after } = await get();
    assert.deepEqual(after, before);
  });
  const fixed: readonly (readonly [string, unknown, string])[] = [
    ['another location', { location: 'westeurope' }, 'InvalidResourceLocation'],
    [
      'another administrator',
      { location, properties: { osProfile: { adminUsername: 'mallory' } } },
      'PropertyChangeNotAllowed',
    ],
    [
      'another computer name',
      { location, properties: { osProfile: { computerName: 'other' } } },
      'PropertyChangeNotAllowed',
    ],
    [
      'another image',
      { location, properties: { storageProfile: { imageReference: { offer: 'x' } } } },
      'PropertyChangeNotAllowed',
    ],
  ];
  for (const [what, body, code] of fixed) {
    it(`refuses ${what} for a machine that is there, and changes nothing`, async () => {
      await put();
      const before = await get();
      const refused = await put(body);
      assert.deepEqual([refused.status, codeOf(refused)], [409, code]);
      assert.deepEqual(await get(), before);
    });
  }
  const groupsTag = (text: string) => ({ location, tags: { 'postern-users': 'bob', 'postern-groups': text } });
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['no location', {}, 'LocationRequired'],
    ['a location that is none', { location: 'atlantis' }, 'LocationNotAvailableForResourceType'],
    ['properties that are a list', { location, properties: [] }, 'InvalidRequestContent'],
    ['a profile that is text', { location, properties: { osProfile: 'x' } }, 'InvalidRequestContent'],
    ['a size that is a number', { location, properties: { hardwareProfile: { vmSize: 1 } } }, 'InvalidRequestContent'],
    ['the administrator root', { location, properties: { osProfile: { adminUsername: 'root' } } }, 'InvalidParameter'],
    [
      'an administrator with a colon',
      { location, properties: { osProfile: { adminUsername: 'a:b' } } },
      'InvalidParameter',
    ],
    ['a user with a slash in the tag', { location, tags: { 'postern-users': 'bob ../etc' } }, 'InvalidParameter'],
    ['a group without members', groupsTag('deploy'), 'InvalidParameter'],
    ['a group with an empty member', groupsTag('deploy=bob,'), 'InvalidParameter'],
    ['a group with a second sign', groupsTag('deploy=bob=carol'), 'InvalidParameter'],
    ['a group of a user that the machine lacks', groupsTag('deploy=carol'), 'InvalidParameter'],
    ['a group with the name of a user', groupsTag('bob=azureuser'), 'InvalidParameter'],
    ["a group that is every machine's own", groupsTag('nogroup=bob'), 'InvalidParameter'],
    ['a group that is named twice', groupsTag('deploy=bob deploy=azureuser'), 'InvalidParameter'],
    ['a group with a colon', groupsTag('de:ploy=bob'), 'InvalidParameter'],
    [
      'a computer name with a dot',
      { location, properties: { osProfile: { computerName: 'a.b' } } },
      'InvalidParameter',
    ],
    ['tags that are a list', { location, tags: ['a'] }, 'InvalidRequestContent'],
    ['an unknown identity type', { location, identity: { type: 'Both' } }, 'InvalidParameter'],
  ];
  for (const [what, body, code] of wrong) {
    it(`refuses ${what} as ${code}`, async () => {
      assert.equal(codeOf(await put(body)), code);
      assert.equal((await cloud.ask('GET', web1)).status, 404);
    });
  }
  for (const name of ['_web', 'web-', 'web.', 'x'.repeat(65), 'w@b']) {
    it(`refuses the name '${name.slice(0, 8)}'`, async () => {
      assert.equal(codeOf(await put({ location }, machineId(name))), 'InvalidParameter');
    });
  }
  for (const name of ['w', 'Web_1.a', 'x'.repeat(64)]) {
    it(`takes the name '${name.slice(0, 8)}'`, async () =>
      assert.equal((await put({ location }, machineId(name))).status, 201));
  }
});

describe('If-Match and If-None-Match', () => {
  it('hold a write to the version that was read', async () => {
    const made = await put();
    const { etag } = await get();
    assert.equal((await cloud.ask('GET', web1)).headers.get('etag'), etag);
    assert.notEqual(made.headers.get('etag'), etag);
    const lost = await patch({ tags: { a: 'b' } }, { 'if-match': made.headers.get('etag') ?? '' });
    assert.deepEqual([lost.status, codeOf(lost)], [412, 'PreconditionFailed']);
    assert.equal((await patch({ tags: { a: 'b' } }, { 'if-match': String(etag) })).status, 200);
    assert.equal((await put({ location }, web1, { 'if-none-match': '*' })).status, 412);
    assert.equal((await put({ location }, machineId('web-2'), { 'if-match': '*' })).status, 412);
    assert.equal((await put({ location }, machineId('web-2'), { 'if-none-match': '*' })).status, 201);
  });
  it('see no change in a restart', async () => {
    await put();
    const { etag } = await get();
    await cloud.done('POST', `${web1}/restart`);
    assert.equal((await get())['etag'], etag);
  });
});

describe('PATCH virtualMachines', () => {
  it('answers 200, replaces the tags as a set and merges the properties', async () => {
    await put({ location, tags: { a: 'b' }, properties: { priority: 'Spot' } });
    const patched = await patch({
      tags: { c: 'd' },
      properties: { hardwareProfile: { vmSize: 'Standard_D2s_v5' }, priority: null },
    });
    assert.deepEqual([patched.status, patched.json['tags']], [200, { c: 'd' }]);
    assert.equal(at(patched.json, 'properties', 'hardwareProfile', 'vmSize'), 'Standard_D2s_v5');
    assert.equal(at(patched.json, 'properties', 'priority'), undefined);
    assert.equal((await patch({ properties: {} })).json['tags'] !== undefined, true);
  });
  it('gives a machine that runs its users and groups as the tags name them now', async () => {
    await put({ location, tags: { 'postern-users': 'bob' } });
    await patch({ tags: { 'postern-users': 'bob carol', 'postern-groups': 'deploy=carol' } });
    const { users, groups } = cloud.host.specs.at(-1) ?? {};
    assert.deepEqual([users, groups], [['azureuser', 'bob', 'carol'], [{ name: 'deploy', members: ['carol'] }]]);
  });
  it('leaves the machine alone where the accounts stay, and one that does not run', async () => {
    await put({ location, tags: { 'postern-users': 'bob' } });
    const { calls } = cloud.host;
    calls.length = 0;
    await patch({ tags: { 'postern-users': 'bob', other: 'tag' } });
    assert.deepEqual(calls, []);
    await cloud.done('POST', `${web1}/deallocate`);
    calls.length = 0;
    await patch({ tags: { 'postern-users': 'carol' } });
    assert.deepEqual(calls, []);
    await cloud.done('POST', `${web1}/start`);
    assert.deepEqual(cloud.host.specs.at(-1)?.users, ['azureuser', 'carol']);
  });
  it('is refused for a machine that is not there', async () => {
    assert.equal(codeOf(await patch({ tags: {} })), 'ResourceNotFound');
  });
});

describe('lists of machines', () => {
  const names = async (path: string) =>
    ((await cloud.ask('GET', path)).json['value'] as readonly { name: string }[]).map(({ name }) => name);
  const collection = 'providers/Microsoft.Compute/virtualMachines';
  it('hold those of the group or the subscription: /rg1 never covers /rg10', async () => {
    await cloud.ask('PUT', `${subscription}/resourceGroups/rg10`, { body: { location } });
    await put();
    await put({ location }, machineId('web-2').replace('rg1', 'rg10'));
    assert.deepEqual(await names(`${group}/${collection}`), ['web-1']);
    assert.deepEqual(await names(`${subscription}/${collection}`), ['web-1', 'web-2']);
    assert.deepEqual(await names(`${subscription}/${collection}?$filter='virtualMachineScaleSet/id' eq '/x'`), []);
  });
  it('show instance views for statusOnly, and refuse what is no filter', async () => {
    await put();
    const { json } = await cloud.ask('GET', `${subscription}/${collection}?statusOnly=true`);
    const [first] = json['value'] as readonly unknown[];
    assert.ok(at(first, 'properties', 'instanceView', 'statuses'));
    assert.equal(
      codeOf(await cloud.ask('GET', `${subscription}/${collection}?$filter=x`)),
      'InvalidFilterInQueryString',
    );
    assert.equal(codeOf(await cloud.ask('GET', `${web1}?$expand=everything`)), 'InvalidParameter');
  });
});
