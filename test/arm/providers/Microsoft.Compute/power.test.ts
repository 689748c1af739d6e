import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { planMachine } from '../../../../src/arm/providers/Microsoft.Compute/plan-machine.ts';
import { reconcileMachines } from '../../../../src/arm/providers/Microsoft.Compute/reconcile-machines.ts';
import { isRefusal } from '../../../../src/core/refusal.ts';
import { at, type Cloud, codeOf, group, machineId, openCloud } from './cloud.ts';

let cloud: Cloud;
const web1 = machineId('web-1');
beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.close());

const make = () => cloud.done('PUT', web1, { body: { location: 'eastus', identity: { type: 'SystemAssigned' } } });
const post = (action: string) => cloud.done('POST', `${web1}/${action}`);
interface Status {
  readonly code: string;
  readonly displayStatus: string;
  readonly time?: string;
}
const view = async () => (await cloud.ask('GET', `${web1}/instanceView`)).json;
const power = async () =>
  ((await view())['statuses'] as unknown as readonly Status[]).find(({ code }) => code.startsWith('PowerState/'));
const asked = () => cloud.host.calls.splice(0);

describe('the power of a machine', () => {
  it('runs after it was made, as the instance view and $expand=instanceView say', async () => {
    await make();
    const running = await power();
    assert.deepEqual([running?.code, running?.displayStatus], ['PowerState/running', 'VM running']);
    const expanded = await cloud.ask('GET', `${web1}?$expand=instanceView`);
    assert.deepEqual(at(expanded.json, 'properties', 'instanceView'), await view());
    assert.equal(at(await view(), 'vmAgent', 'statuses', '0', 'displayStatus'), 'Ready');
    assert.equal(at(await cloud.ask('GET', web1), 'json', 'properties', 'instanceView'), undefined);
  });
  it('is deallocated and started again: 202 each, idempotent', async () => {
    await make();
    asked();
    const accepted = await post('deallocate');
    assert.deepEqual([accepted.status, accepted.text], [202, '']);
    assert.ok(accepted.headers.get('location') && accepted.headers.get('azure-asyncoperation'));
    assert.equal((await power())?.code, 'PowerState/deallocated');
    assert.equal((await view())['vmAgent'], undefined);
    await post('deallocate');
    await post('powerOff?skipShutdown=true');
    assert.equal((await power())?.code, 'PowerState/deallocated');
    await post('start');
    await post('start');
    assert.equal((await power())?.code, 'PowerState/running');
    assert.deepEqual(
      asked().filter((call) => call.startsWith('start')),
      ['start web-1'],
    );
  });
  it('is stopped by powerOff', async () => {
    await make();
    await post('powerOff');
    assert.deepEqual([(await power())?.code, (await power())?.displayStatus], ['PowerState/stopped', 'VM stopped']);
  });
  for (const action of ['restart', 'redeploy']) {
    it(`goes off and on with ${action}, and the instance view's time shows it`, async () => {
      await make();
      const before = await power();
      asked();
      cloud.pass(60_000);
      assert.equal((await post(action)).status, 202);
      assert.deepEqual(asked(), ['stop web-1', 'start web-1']);
      const after = await power();
      assert.equal(after?.code, 'PowerState/running');
      assert.equal(Date.parse(String(after?.time)) - Date.parse(String(before?.time)), 60_000);
    });
  }
  it('does not restart a deallocated machine', async () => {
    await make();
    await post('deallocate');
    const refused = await post('restart');
    assert.deepEqual([refused.status, codeOf(refused)], [409, 'OperationNotAllowed']);
  });
  it('stays off when the host cannot start the machine, and the operation says why', async () => {
    await make();
    await post('deallocate');
    cloud.host.missing = ['no more processes'];
    await post('start');
    assert.equal((await power())?.code, 'PowerState/stopped');
    assert.equal(at(await cloud.ask('GET', web1), 'json', 'properties', 'provisioningState'), 'Succeeded');
  });
  it('is not there for a machine that is not there', async () => {
    for (const action of ['start', 'powerOff', 'deallocate', 'restart']) {
      assert.equal(codeOf(await post(action)), 'ResourceNotFound');
    }
    assert.equal(codeOf(await cloud.ask('GET', `${web1}/instanceView`)), 'ResourceNotFound');
  });
});

describe('DELETE virtualMachines', () => {
  it('is accepted with 202, then machine, document, power and principal are gone; 204 from then on', async () => {
    const made = await make();
    const principalId = String(at(made.json, 'identity', 'principalId'));
    asked();
    assert.equal((await cloud.done('DELETE', web1)).status, 202);
    assert.deepEqual(asked(), ['remove web-1']);
    assert.equal((await cloud.ask('GET', web1)).status, 404);
    assert.equal(cloud.directory.servicePrincipal(principalId), undefined);
    assert.deepEqual(await cloud.store.list('/machines' as never), []);
    assert.equal((await cloud.ask('DELETE', web1)).status, 204);
  });
  it('takes the identities off at once, and refuses what comes after', async () => {
    await make();
    let release = () => {};
    cloud.host.remove = () => new Promise((resolve) => (release = resolve));
    await cloud.ask('DELETE', web1);
    assert.deepEqual(cloud.machines.view(web1)?.identities, []);
    assert.equal(at(await cloud.ask('GET', web1), 'json', 'properties', 'provisioningState'), 'Deleting');
    assert.equal(codeOf(await cloud.ask('POST', `${web1}/start`)), 'OperationNotAllowed');
    assert.equal(codeOf(await cloud.ask('PATCH', web1, { body: { tags: {} } })), 'OperationNotAllowed');
    assert.equal((await cloud.ask('DELETE', web1)).status, 202);
    await new Promise((resolve) => setImmediate(resolve));
    release();
    cloud.host.remove = async () => {};
    await cloud.app.idle();
    assert.equal((await cloud.ask('GET', web1)).status, 404);
  });
  it('waits for a creation that is going on, and leaves nothing of it', async () => {
    let release = () => {};
    cloud.host.hold = new Promise((resolve) => (release = resolve));
    await cloud.ask('PUT', web1, { body: { location: 'eastus' } });
    await cloud.ask('DELETE', web1);
    release();
    await cloud.app.idle();
    assert.deepEqual(asked(), ['start web-1', 'remove web-1']);
    assert.equal(cloud.host.running(web1), undefined);
    assert.equal((await cloud.ask('GET', web1)).status, 404);
  });
  it('happens with the resource group', async () => {
    const made = await make();
    await cloud.done('DELETE', group);
    assert.equal(cloud.host.running(web1), undefined);
    assert.equal(cloud.directory.servicePrincipal(String(at(made.json, 'identity', 'principalId'))), undefined);
    assert.deepEqual(await cloud.store.list('/machines' as never), []);
    assert.equal(cloud.machines.view(web1), undefined);
  });
  it('leaves the name free for a machine that is another', async () => {
    const made = await make();
    await cloud.done('DELETE', web1);
    const again = await make();
    assert.equal(again.status, 201);
    for (const path of [
      ['properties', 'vmId'],
      ['identity', 'principalId'],
    ]) {
      assert.notEqual(at(again.json, ...path), at(made.json, ...path));
    }
  });
});

describe('reconcileMachines', () => {
  it('starts what ran, and leaves alone what did not', async () => {
    await make();
    await cloud.done('PUT', machineId('web-2'), { body: { location: 'eastus' } });
    await cloud.done('POST', `${machineId('web-2')}/deallocate`);
    asked();
    assert.deepEqual(await reconcileMachines(cloud.context), []);
    assert.deepEqual(asked(), ['start web-1']);
  });
  it('finishes a creation and a deletion that were interrupted', async () => {
    const planned = await planMachine(cloud.context, {
      resourceId: web1,
      body: { location: 'eastus' },
      now: cloud.context.clock.now(),
    });
    assert.ok(!isRefusal(planned));
    await cloud.context.store.transact(planned.writes);
    await reconcileMachines(cloud.context);
    assert.equal((await power())?.code, 'PowerState/running');
    const deleting = {
      ...planned.body,
      properties: { ...(planned.body['properties'] as object), provisioningState: 'Deleting' },
    };
    await cloud.store.transact([{ put: web1.toLowerCase() as never, body: deleting }]);
    await reconcileMachines(cloud.context);
    assert.equal((await cloud.ask('GET', web1)).status, 404);
  });
  it('says which machines could not be brought back, and tries those that never came up again', async () => {
    const planned = await planMachine(cloud.context, {
      resourceId: web1,
      body: { location: 'eastus', identity: { type: 'SystemAssigned' } },
      now: cloud.context.clock.now(),
    });
    assert.ok(!isRefusal(planned));
    await cloud.context.store.transact(planned.writes);
    assert.ok(cloud.directory.servicePrincipal(planned.principalId ?? ''));
    cloud.host.missing = ['user namespaces'];
    const [failed, ...more] = await reconcileMachines(cloud.context);
    assert.deepEqual([failed?.resourceId, failed?.refusal.refused, more], [web1, 'MachineHostUnavailable', []]);
    cloud.host.missing = [];
    assert.deepEqual(await reconcileMachines(cloud.context), []);
    assert.equal(at(await cloud.ask('GET', web1), 'json', 'properties', 'provisioningState'), 'Succeeded');
  });
});
