import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { reconcileMachines } from '../../../../src/arm/providers/Microsoft.Compute/reconcile-machines.ts';
import { at, type Cloud, codeOf, group, identityId, openCloud } from './cloud.ts';

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.close());

const setId = (name: string) => `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`;
const web = setId('web');
const instance = (number: number | string) => `${web}/virtualMachines/${number}`;
const make = (more: object = {}, capacity = 2) =>
  cloud.done('PUT', web, {
    body: {
      location: 'eastus',
      sku: { name: 'Standard_B2s', tier: 'Standard', capacity },
      identity: { type: 'SystemAssigned' },
      ...more,
    } as never,
  });
const patch = (body: object) => cloud.done('PATCH', web, { body: body as never });
const shown = async (path: string) => (await cloud.ask('GET', path)).json;
const list = async (query = '') =>
  (await shown(`${web}/virtualMachines${query}`))['value'] as Record<string, unknown>[];
const numbers = async (query = '') => (await list(query)).map(({ instanceId }) => instanceId);
const asked = () => cloud.host.calls.splice(0);
const state = async (path: string) => at(await shown(path), 'properties', 'provisioningState');
const power = async (number: number) =>
  (at(await shown(`${instance(number)}/instanceView`), 'statuses') as { code: string }[]).at(-1)?.code;

describe('PUT virtualMachineScaleSets', () => {
  it('makes as many machines as sku.capacity says, of one model', async () => {
    const made = await make({
      properties: { virtualMachineProfile: { osProfile: { computerNamePrefix: 'front', adminUsername: 'ada' } } },
    });
    assert.deepEqual([made.status, at(made.json, 'properties', 'provisioningState')], [201, 'Creating']);
    assert.equal(await state(web), 'Succeeded');
    assert.deepEqual(asked(), ['start 0', 'start 1']);
    assert.deepEqual(
      cloud.host.specs.map(({ hostname, users, resourceId }) => [hostname, users, resourceId]),
      [
        ['front000000', ['ada'], instance(0)],
        ['front000001', ['ada'], instance(1)],
      ],
    );
    const [first] = await list();
    assert.deepEqual(
      [first?.['name'], first?.['instanceId'], first?.['location'], first?.['id']],
      ['web_0', '0', 'eastus', instance(0)],
    );
    assert.equal(at(first, 'properties', 'latestModelApplied'), true);
    assert.equal(at(first, 'properties', 'hardwareProfile', 'vmSize'), 'Standard_B2s');
    assert.equal(at(made.json, 'properties', 'nextInstance'), undefined);
  });
  it('makes one machine of defaults from a location alone', async () => {
    await cloud.done('PUT', web, { body: { location: 'eastus' } });
    assert.deepEqual((await shown(web))['sku'], { name: 'Standard_B1s', tier: 'Standard', capacity: 1 });
    assert.deepEqual(await numbers(), ['0']);
  });
  it('keeps no password and no custom data, and shows user data on demand', async () => {
    const osProfile = { adminUsername: 'ada', adminPassword: 'swordfish', customData: 'c3dvcmRmaXNo' };
    await make({ properties: { virtualMachineProfile: { osProfile, userData: 'aGVsbG8=' } } });
    assert.doesNotMatch(JSON.stringify(await cloud.store.list('' as never)), /swordfish|c3dvcmRmaXNo/);
    assert.doesNotMatch(JSON.stringify([await shown(web), await list()]), /aGVsbG8/);
    assert.equal(
      at(await shown(`${web}?$expand=userData`), 'properties', 'virtualMachineProfile', 'userData'),
      'aGVsbG8=',
    );
    assert.equal(at(await shown(`${instance(0)}?$expand=userData`), 'properties', 'userData'), 'aGVsbG8=');
    assert.equal(at(cloud.machines.view(instance(0)), 'resource', 'properties', 'userData'), 'aGVsbG8=');
  });
  it('has no instance with capacity 0', async () => {
    await make({}, 0);
    assert.equal(await state(web), 'Succeeded');
    assert.deepEqual(await numbers(), []);
  });
  for (const capacity of [-1, 1001, 1.5, 'many']) {
    it(`refuses the capacity ${capacity}`, async () => {
      const refused = await make({}, capacity as never);
      assert.deepEqual([refused.status, codeOf(refused)], [400, 'InvalidParameter']);
      assert.equal((await cloud.ask('GET', web)).status, 404);
    });
  }
  for (const [what, body] of [
    ['flexible orchestration', { properties: { orchestrationMode: 'Flexible' } }],
    [
      'a computer name prefix that begins no host name',
      { properties: { virtualMachineProfile: { osProfile: { computerNamePrefix: 'a b' } } } },
    ],
    ['user data that is not Base64', { properties: { virtualMachineProfile: { userData: '!' } } }],
    ['101 instances in one placement group', { sku: { capacity: 101 }, properties: { singlePlacementGroup: true } }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal(codeOf(await make(body)), 'InvalidParameter');
    });
  }
  it('refuses a name against the rules, and a region that is none', async () => {
    assert.equal(codeOf(await cloud.ask('PUT', setId('_x'), { body: { location: 'eastus' } })), 'InvalidParameter');
    assert.equal(
      codeOf(await cloud.ask('PUT', web, { body: { location: 'mars' } })),
      'LocationNotAvailableForResourceType',
    );
  });
  it('fails, with the reason, where a machine cannot be made, and another PUT tries again', async () => {
    cloud.host.support = async () => ({ supported: true, mode: 'root' });
    cloud.host.missing = ['no more processes'];
    await make();
    assert.equal(await state(web), 'Failed');
    assert.equal(await state(instance(0)), 'Failed');
    cloud.host.missing = [];
    assert.equal((await make()).status, 200);
    assert.equal(await state(web), 'Succeeded');
    assert.equal(await state(instance(0)), 'Succeeded');
  });
  it('makes nothing where there is no host for machines', async () => {
    cloud.host.missing = ['namespaces'];
    assert.equal(codeOf(await make()), 'MachineHostUnavailable');
    assert.equal((await cloud.ask('GET', web)).status, 404);
  });
});

describe('the size of a scale set', () => {
  it('grows by new numbers and shrinks by the newest', async () => {
    await make();
    await patch({ sku: { capacity: 4 } });
    assert.deepEqual(await numbers(), ['0', '1', '2', '3']);
    asked();
    await patch({ sku: { capacity: 1 } });
    assert.deepEqual(await numbers(), ['0']);
    assert.deepEqual(asked().toSorted(), ['remove 1', 'remove 2', 'remove 3']);
    await patch({ sku: { capacity: 2 } });
    assert.deepEqual(await numbers(), ['0', '4'], 'a number is not given again');
  });
  it('changes with a PUT of location and sku alone, as `az vmss scale` sends it: all else stays', async () => {
    await make({ tags: { a: '1' }, properties: { virtualMachineProfile: { osProfile: { adminUsername: 'ada' } } } });
    const before = await shown(web);
    const sku = { name: 'Standard_B2s', tier: 'Standard', capacity: 3 };
    assert.equal((await cloud.done('PUT', web, { body: { location: 'eastus', sku } })).status, 200);
    const after = await shown(web);
    assert.deepEqual(await numbers(), ['0', '1', '2']);
    for (const part of ['identity', 'tags', 'properties']) assert.deepEqual(after[part], before[part]);
  });
  it('is less by the instances that are deleted', async () => {
    await make({}, 3);
    assert.equal((await cloud.done('POST', `${web}/delete`, { body: { instanceIds: ['0'] } })).status, 202);
    assert.equal((await cloud.done('DELETE', instance(2))).status, 202);
    assert.deepEqual(await numbers(), ['1']);
    assert.equal(at(await shown(web), 'sku', 'capacity'), 1);
    assert.equal((await cloud.ask('DELETE', instance(2))).status, 204);
    assert.equal((await cloud.ask('GET', instance(2))).status, 404);
  });
  it('may be a thousand', async () => {
    cloud.host.start = async (spec) => ({ ...spec, initPid: 1, startedAt: 0 as never });
    await make({}, 1000);
    assert.equal((await list()).length, 1000);
    const page = await shown(`${web}/virtualMachines?$top=300`);
    assert.equal((page['value'] as unknown[]).length, 300);
    const { pathname, search } = new URL(String(page['nextLink']));
    const next = (await cloud.ask('GET', pathname + search)).json['value'] as { instanceId: string }[];
    assert.equal(next[0]?.instanceId, '300');
  });
});

describe('the identity of a scale set', () => {
  const viewOf = (number: number) => cloud.machines.view(instance(number));
  it('is one, and every instance has it', async () => {
    const made = await make();
    const principalId = at(made.json, 'identity', 'principalId');
    assert.equal(cloud.directory.servicePrincipal(String(principalId))?.resourceId, web);
    for (const number of [0, 1]) {
      assert.deepEqual(
        viewOf(number)?.identities.map((identity) => [identity.kind, identity.principalId, identity.resourceId]),
        [['systemAssigned', principalId, web]],
      );
    }
    assert.equal(viewOf(0)?.resource['location'], 'eastus');
    assert.equal(cloud.machines.view(web), undefined);
  });
  it('may be user-assigned too, and is given and taken at once', async () => {
    await make({ identity: undefined });
    assert.deepEqual(viewOf(0)?.identities, []);
    await cloud.done('PUT', identityId('shared'), { body: { location: 'eastus' } });
    await patch({ identity: { type: 'UserAssigned', userAssignedIdentities: { [identityId('shared')]: {} } } });
    assert.deepEqual(
      viewOf(1)?.identities.map(({ kind, resourceId }) => [kind, resourceId]),
      [['userAssigned', identityId('shared')]],
    );
    await patch({ identity: { type: 'None' } });
    assert.deepEqual(viewOf(1)?.identities, []);
  });
  it('is gone from an instance that is being deleted, and from all when the set is', async () => {
    await make();
    let release = () => {};
    const { remove } = cloud.host;
    cloud.host.remove = () => new Promise((resolve) => (release = resolve));
    await cloud.ask('DELETE', instance(1));
    assert.deepEqual(viewOf(1)?.identities, []);
    assert.equal(viewOf(0)?.identities.length, 1);
    await new Promise((resolve) => setImmediate(resolve));
    cloud.host.remove = remove;
    release();
    await cloud.app.idle();
    await cloud.ask('DELETE', web);
    assert.deepEqual(viewOf(0)?.identities ?? [], []);
  });
  it('ends with the set, and with its group', async () => {
    for (const path of [web, group]) {
      const principalId = String(at((await make()).json, 'identity', 'principalId'));
      assert.notEqual(cloud.directory.servicePrincipal(principalId), undefined);
      await cloud.done('DELETE', path);
      assert.equal(cloud.directory.servicePrincipal(principalId), undefined);
      assert.equal(cloud.host.running(instance(0)), undefined);
      assert.deepEqual(await cloud.store.list('/machines' as never), []);
      assert.equal((await cloud.ask('GET', instance(0))).status, 404);
    }
  });
  it('needs the right to assign what is attached', async () => {
    await make();
    await cloud.done('PUT', identityId('shared'), { body: { location: 'eastus' } });
    cloud.grants.push({ principalId: 'reader', action: /virtualMachineScaleSets/i, scope: group });
    const identity = { type: 'UserAssigned', userAssignedIdentities: { [identityId('shared')]: {} } };
    const refused = await cloud.ask('PATCH', web, { body: { identity }, token: 'reader' });
    assert.deepEqual([refused.status, codeOf(refused)], [403, 'LinkedAuthorizationFailed']);
  });
});

describe('instances of a scale set', () => {
  beforeEach(() => make({}, 3));
  const post = (action: string, body?: object) =>
    cloud.done('POST', `${web}/${action}`, body === undefined ? {} : { body: body as never });
  it('are powered off, deallocated, started, restarted together or by their numbers', async () => {
    assert.equal((await post('deallocate', { instanceIds: ['1'] })).status, 202);
    assert.deepEqual(await Promise.all([0, 1, 2].map(power)), [
      'PowerState/running',
      'PowerState/deallocated',
      'PowerState/running',
    ]);
    await post('poweroff', { instanceIds: ['0'] });
    assert.equal(await power(0), 'PowerState/stopped');
    asked();
    await post('restart');
    assert.deepEqual(
      asked()
        .filter((call) => call.startsWith('start'))
        .toSorted(),
      ['start 0', 'start 2'],
      'a deallocated one is passed over',
    );
    await post('start', { instanceIds: ['*'] });
    assert.deepEqual(await Promise.all([0, 1, 2].map(power)), Array(3).fill('PowerState/running'));
  });
  it('are done to one by one under their own ids', async () => {
    await cloud.done('POST', `${instance(2)}/powerOff`);
    assert.equal(await power(2), 'PowerState/stopped');
    await cloud.done('POST', `${instance(2)}/start`);
    assert.equal(await power(2), 'PowerState/running');
    asked();
    await cloud.done('POST', `${instance(2)}/reimage`);
    assert.deepEqual(asked(), ['remove 2', 'start 2']);
  });
  it('run scripts', async () => {
    const told = await cloud.done('POST', `${instance(1)}/runCommand`, {
      body: { commandId: 'RunShellScript', script: ['echo $1'], parameters: [{ name: 'a', value: 'x' }] },
    });
    assert.equal(told.status, 202);
    assert.deepEqual(cloud.host.scripts[0]?.arguments, ['x']);
    const command = `${instance(1)}/runCommands/setup`;
    assert.equal(
      (await cloud.done('PUT', command, { body: { properties: { source: { script: 'id' } } } })).status,
      201,
    );
    assert.equal(
      (await shown(command))['type'],
      'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands',
    );
  });
  it('are refused by a number that none has', async () => {
    for (const ids of [['9'], ['0', '9'], [], 'all', [1]]) {
      assert.equal(codeOf(await post('start', { instanceIds: ids })), 'InvalidParameter');
    }
    assert.equal(codeOf(await post('delete', {})), 'InvalidParameter');
    assert.match((await post('restart', { instanceIds: ['9'] })).text, /The provided instanceId 9 is not an active/);
    for (const id of [9, 'x', '00', '-1']) assert.equal((await cloud.ask('GET', instance(id))).status, 404);
  });
  it('are listed with their views, by state and by model', async () => {
    await post('deallocate', { instanceIds: ['1'] });
    const expanded = await list('?$expand=instanceView');
    assert.deepEqual(
      expanded.map((one) => (at(one, 'properties', 'instanceView', 'statuses') as { code: string }[]).at(-1)?.code),
      ['PowerState/running', 'PowerState/deallocated', 'PowerState/running'],
    );
    assert.deepEqual(
      await numbers("?$filter=startswith(instanceView/statuses/code,'PowerState/running')%20eq%20true"),
      ['0', '2'],
    );
    assert.deepEqual(await numbers('?$filter=properties/latestModelApplied%20eq%20false'), []);
    assert.equal(
      codeOf(await cloud.ask('GET', `${web}/virtualMachines?$filter=name%20eq%20'x'`)),
      'InvalidFilterInQueryString',
    );
  });
  it('are counted in the view of the set', async () => {
    const view = await shown(`${web}/instanceView`);
    assert.deepEqual(at(view, 'virtualMachine', 'statusesSummary'), [
      { code: 'ProvisioningState/succeeded', count: 3 },
    ]);
    assert.equal(at(view, 'statuses', '0', 'code'), 'ProvisioningState/succeeded');
  });
  it('get a new model by manualupgrade, or by themselves where the policy is Automatic', async () => {
    await patch({ sku: { name: 'Standard_D2s_v3' } });
    const models = async () =>
      (await list()).map((one) => [
        at(one, 'properties', 'latestModelApplied'),
        at(one, 'properties', 'hardwareProfile', 'vmSize'),
      ]);
    assert.deepEqual(await models(), Array(3).fill([false, 'Standard_B2s']));
    await post('manualupgrade', { instanceIds: ['0'] });
    assert.deepEqual((await models())[0], [true, 'Standard_D2s_v3']);
    assert.deepEqual((await models())[1], [false, 'Standard_B2s']);
    assert.equal(codeOf(await post('manualupgrade', {})), 'InvalidParameter');
    await patch({ properties: { upgradePolicy: { mode: 'Automatic' } } });
    assert.deepEqual(await models(), Array(3).fill([true, 'Standard_D2s_v3']));
  });
});

describe('lists of scale sets', () => {
  it('are of a group, a subscription, a region; and sets, not instances, are among the resources', async () => {
    await make();
    const subscription = group.replace(/\/resourceGroups.*/, '');
    const names = async (path: string) => ((await shown(path))['value'] as { name: string }[]).map(({ name }) => name);
    const below = 'providers/Microsoft.Compute';
    assert.deepEqual(await names(`${group}/${below}/virtualMachineScaleSets`), ['web']);
    assert.deepEqual(await names(`${subscription}/${below}/virtualMachineScaleSets`), ['web']);
    assert.deepEqual(await names(`${subscription}/${below}/locations/eastus/virtualMachineScaleSets`), ['web']);
    assert.deepEqual(await names(`${subscription}/${below}/locations/westus/virtualMachineScaleSets`), []);
    assert.deepEqual(await names(`${group}/resources`), ['web']);
    assert.deepEqual(await names(`${group}/${below}/virtualMachines`), []);
    assert.equal((at(await shown(`${web}/skus`), 'value') as unknown[]).length, 1);
  });
});

describe('a restart of Postern', () => {
  it('starts the instances that ran, and finishes what was being made or removed', async () => {
    await make({}, 2);
    await cloud.done('POST', `${instance(1)}/deallocate`);
    for (const number of [0, 1]) await cloud.host.stop(instance(number));
    asked();
    assert.deepEqual(await reconcileMachines(cloud.context), []);
    assert.deepEqual(asked(), ['start 0']);
    const key = web.toLowerCase() as never;
    const body = (await cloud.store.get(key))?.body ?? {};
    await cloud.store.transact([
      {
        put: key,
        body: { ...body, properties: { ...(body['properties'] as object), provisioningState: 'Updating' } } as never,
      },
    ]);
    await reconcileMachines(cloud.context);
    assert.equal(await state(web), 'Succeeded');
    await cloud.store.transact([
      {
        put: key,
        body: { ...body, properties: { ...(body['properties'] as object), provisioningState: 'Deleting' } } as never,
      },
    ]);
    await reconcileMachines(cloud.context);
    assert.equal((await cloud.ask('GET', web)).status, 404);
    assert.equal(cloud.host.running(instance(0)), undefined);
  });
});
