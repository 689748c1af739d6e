import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { askOperator } from '../../src/cli/operator-client.ts';
import { refuse } from '../../src/core/refusal.ts';
import type { OperatorEntry, OperatorMachine, OperatorStatus, OperatorWhy } from '../../src/host/operator/wire.ts';
import type { RunningHost } from '../../src/host/start.ts';
import { imagined, makePlace, type Place } from './running.ts';

describe("the operator's API", () => {
  let place: Place;
  let host: RunningHost;

  before(async () => {
    place = await makePlace();
    host = await place.start();
    await host.machinesReady;
  });
  after(async () => {
    await host?.stop();
    await place.remove();
  });

  it('says where Postern answers and how its machines are', async () => {
    const { machines, ...status } = answerOf(await askOperator<OperatorStatus>(place.dataDir, 'status'));
    assert.equal(status.origin, host.origin);
    assert.equal(status.pid, process.pid);
    assert.deepEqual(machines, { supported: true, total: 1, running: 0, missing: [] });
  });

  it('lists the machines with their power and principal', async () => {
    const { machines } = answerOf(await askOperator<{ machines: OperatorMachine[] }>(place.dataDir, 'machines'));
    assert.deepEqual(
      machines.map(({ name, resourceGroup, identity }) => [name, resourceGroup, identity]),
      [['console', 'postern', 'SystemAssigned']],
    );
    assert.notEqual(machines[0]?.powerState, 'running');
  });

  it('says how to enter a machine: as its administrator, or as who is named', async () => {
    const entry = async (query: Record<string, string>) =>
      answerOf(await askOperator<OperatorEntry>(place.dataDir, 'machineEntry', { machine: 'CONSOLE', ...query }));
    assert.deepEqual((await entry({})).argv, ['/usr/bin/env', 'MACHINE_USER=azureuser']);
    assert.deepEqual((await entry({ user: 'root' })).argv, ['/usr/bin/env', 'MACHINE_USER=root']);
  });

  it('enters as root where nobody was named and the administrator has no id there', async () => {
    const here = await makePlace();
    const entry: typeof imagined.entry = (id, user) =>
      user === 'root' ? imagined.entry(id, user) : refuse('InvalidParameter', `No id for '${user}'.`);
    const rootOnly = await here.start({ machines: { ...imagined, entry } });
    await rootOnly.machinesReady;
    const asked = { machine: 'console' };
    const { user } = answerOf(await askOperator<OperatorEntry>(here.dataDir, 'machineEntry', asked));
    assert.equal(user, 'root');
    const named = await askOperator(here.dataDir, 'machineEntry', { ...asked, user: 'azureuser' });
    assert.match('failed' in named ? named.failed : '', /No id for 'azureuser'/);
    await rootOnly.stop();
    await here.remove();
  });

  it('says so when there is no such machine', async () => {
    const unknown = await askOperator(place.dataDir, 'machineEntry', { machine: 'web-9' });
    assert.match('failed' in unknown ? unknown.failed : '', /no machine 'web-9'/);
  });

  const why = (query: Record<string, string>) => askOperator<OperatorWhy>(place.dataDir, 'why', query);
  const restart = 'Microsoft.Compute/virtualMachines/restart/action';

  it('explains why a machine may, with the assignment', async () => {
    const answer = answerOf(await why({ machine: 'console', action: restart, resourceGroup: 'demo' }));
    assert.equal(answer.allowed, true);
    assert.equal(answer.roleName, 'Owner');
    assert.equal(answer.assignmentScope, `/subscriptions/${host.subscriptionId}`);
    assert.equal(answer.displayName, 'console');
  });

  it('explains why a stranger may not', async () => {
    const principal = '00000000-0000-4000-8000-000000000001';
    const answer = answerOf(await why({ principal, action: restart }));
    assert.deepEqual([answer.allowed, answer.kind], [false, 'noAssignments']);
  });

  for (const [symptom, query] of [
    ['neither principal nor machine', { action: restart }],
    ['a machine that there is not', { principal: 'x', machine: 'web-9', action: restart }],
    ['no action', { machine: 'console' }],
    ['an action without a slash', { machine: 'console', action: 'restart' }],
    ['a scope that is no resource id', { machine: 'console', action: restart, scope: 'demo' }],
    ['a scope and a group', { machine: 'console', action: restart, scope: '/', resourceGroup: 'demo' }],
  ] as const) {
    it(`refuses a question with ${symptom}`, async () => assert.ok('failed' in (await why({ ...query }))));
  }
});

describe('a data directory on which no Postern runs', () => {
  it('is told apart from a failure, with how to start one', async () => {
    const asked = await askOperator('/nowhere/postern', 'status');
    assert.ok('failed' in asked);
    assert.equal(asked.status, 3);
    assert.match(asked.failed, /postern up --data-dir \/nowhere\/postern/);
  });
});

function answerOf<T>(asked: Awaited<ReturnType<typeof askOperator<T>>>): T {
  if ('failed' in asked) assert.fail(asked.failed);
  return asked.answer;
}
