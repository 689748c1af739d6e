import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { reconcileMachines } from '../../../../src/arm/providers/Microsoft.Compute/reconcile-machines.ts';
import type { MachineScript, ScriptOutcome } from '../../../../src/core/ports/machine-host.ts';
import { at, type Cloud, codeOf, group, machineId, openCloud } from './cloud.ts';

let cloud: Cloud;
const web1 = machineId('web-1');
beforeEach(async () => {
  cloud = await openCloud();
  await cloud.done('PUT', web1, { body: { location: 'eastus' } });
});
afterEach(() => cloud.close());

const shell = (script: readonly string[], more: object = {}) => ({
  body: { commandId: 'RunShellScript', script, ...more } as never,
});
const run = (ask: Parameters<Cloud['ask']>[2]) => cloud.ask('POST', `${web1}/runCommand`, ask);
/** What the Location URL of an accepted operation answers. */
const resultOf = async (told: Awaited<ReturnType<Cloud['ask']>>) => {
  const { pathname, search } = new URL(told.headers.get('location') ?? '');
  return cloud.ask('GET', pathname + search);
};
const statusOf = async (told: Awaited<ReturnType<Cloud['ask']>>) => {
  const { pathname, search } = new URL(told.headers.get('azure-asyncoperation') ?? '');
  return (await cloud.ask('GET', pathname + search)).json;
};
/** A script that never ends by itself. */
const endless = (_: MachineScript, signal: AbortSignal) =>
  new Promise<ScriptOutcome>((resolve) => {
    const end = () => resolve({ end: 'canceled', exitCode: 137, output: '', error: '' });
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
  });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('POST virtualMachines/{n}/runCommand', () => {
  it('is accepted with 202, and answers the output at the Location URL', async () => {
    cloud.host.perform = async () => ({ end: 'exited', exitCode: 0, output: 'out\n', error: 'err\n' });
    const accepted = await run(shell(['echo out', 'echo err >&2']));
    assert.deepEqual([accepted.status, accepted.text], [202, '']);
    await cloud.app.idle();
    assert.deepEqual((await resultOf(accepted)).json, {
      value: [
        {
          code: 'ProvisioningState/succeeded',
          level: 'Info',
          displayStatus: 'Provisioning succeeded',
          message: 'Enable succeeded: \n[stdout]\nout\n\n[stderr]\nerr\n',
        },
      ],
    });
    const { text, user, timeoutSeconds, keptBytes } = cloud.host.scripts[0] as MachineScript;
    assert.deepEqual([text, user, timeoutSeconds, keptBytes], ['echo out\necho err >&2', 'root', 5400, 4096]);
  });
  it('gives each parameter in its place, and by its name', async () => {
    const parameters = [
      { name: 'arg1', value: 'hello' },
      { name: 'who.am', value: 'world' },
    ];
    await run(shell(['echo $1'], { parameters }));
    await cloud.app.idle();
    assert.deepEqual(cloud.host.scripts[0]?.arguments, ['hello', 'world']);
    assert.deepEqual(cloud.host.scripts[0]?.variables, { arg1: 'hello' });
  });
  it('succeeds whatever the script exits with, as the agent does', async () => {
    cloud.host.perform = async () => ({ end: 'exited', exitCode: 3, output: '', error: 'no\n' });
    const accepted = await run(shell(['exit 3']));
    await cloud.app.idle();
    assert.equal((await statusOf(accepted))['status'], 'Succeeded');
    assert.equal(
      at((await resultOf(accepted)).json, 'value', '0', 'message'),
      'Enable succeeded: \n[stdout]\n\n[stderr]\nno\n',
    );
  });
  it('runs the sample without lines of the caller’s, as in Azure', async () => {
    for (const script of [[], undefined, null]) await cloud.done('POST', `${web1}/runCommand`, shell(script as never));
    assert.equal(cloud.host.scripts.length, 3);
    for (const { text } of cloud.host.scripts) assert.match(text, /This is a sample script/);
  });
  it('writes the script as the agent does: no byte order mark, no carriage returns', async () => {
    await cloud.done('POST', `${web1}/runCommand`, shell(['\uFEFF#!/bin/sh\r\necho 1\r\n']));
    assert.equal(cloud.host.scripts[0]?.text, '#!/bin/sh\necho 1\n');
  });
  it('does one at a time: 409 Conflict, and again when it is over', async () => {
    cloud.host.perform = endless;
    const first = await run(shell(['sleep inf']));
    await turn();
    const second = await run(shell(['true']));
    assert.deepEqual([second.status, codeOf(second)], [409, 'Conflict']);
    assert.match(second.text, /Run command extension execution is in progress/);
    assert.equal((await statusOf(first))['status'], 'Running');
    assert.equal((await resultOf(first)).status, 202);
    await cloud.host.endScripts();
    await cloud.app.idle();
    assert.equal((await statusOf(first))['status'], 'Failed');
    assert.equal((await run(shell(['true']))).status, 202);
  });
  it('is canceled by what ends the machine', async () => {
    cloud.host.perform = async () => ({ end: 'machineEnded', exitCode: 137, output: 'half', error: '' });
    const accepted = await run(shell(['sleep inf']));
    await cloud.app.idle();
    const status = await statusOf(accepted);
    assert.deepEqual([status['status'], at(status, 'error', 'code')], ['Canceled', 'OperationPreempted']);
    assert.equal((await resultOf(accepted)).status, 409);
  });
  it('fails when its time is over', async () => {
    cloud.host.perform = async () => ({ end: 'timedOut', exitCode: 137, output: '', error: '' });
    const accepted = await run(shell(['sleep inf']));
    await cloud.app.idle();
    const status = await statusOf(accepted);
    assert.deepEqual([status['status'], at(status, 'error', 'code')], ['Failed', 'VMExtensionProvisioningTimeout']);
  });
  it('is not run again after a restart: the operation fails', async () => {
    const told = await run(shell(['true']));
    await cloud.app.idle();
    const id = new URL(told.headers.get('azure-asyncoperation') ?? '').pathname.split('/').at(-1);
    const key = `/operations/${id}` as never;
    const body = (await cloud.store.get(key))?.body ?? {};
    await cloud.store.transact([{ put: key, body: { ...body, status: 'Running' } }]);
    assert.doesNotMatch(JSON.stringify(body['input']), /true|script/);
    const before = cloud.host.scripts.length;
    await cloud.app.resume();
    await cloud.app.idle();
    assert.equal((await statusOf(told))['status'], 'Failed');
    assert.equal(cloud.host.scripts.length, before);
  });
  it('is not allowed on a machine that does not run, and not found on one that is not there', async () => {
    await cloud.done('POST', `${web1}/deallocate`);
    const refused = await run(shell(['true']));
    assert.deepEqual([refused.status, codeOf(refused)], [409, 'OperationNotAllowed']);
    assert.match(refused.text, /The operation requires the VM to be running/);
    assert.equal(
      codeOf(await cloud.ask('POST', `${machineId('none')}/runCommand`, shell(['true']))),
      'ResourceNotFound',
    );
  });
  for (const [what, body, said] of [
    ['no body', undefined, /runCommandInput|commandId/],
    ['no commandId', { script: ['true'] }, /commandId/],
    ['an unknown commandId', { commandId: 'RunEverything' }, /'RunShellScript', 'ifconfig'/],
    ['PowerShell', { commandId: 'RunPowerShellScript', script: ['dir'] }, /RunPowerShellScript/],
    ['a script that is no list', { commandId: 'RunShellScript', script: 'true' }, /list of strings/],
    ['a line that is no text', { commandId: 'RunShellScript', script: [1] }, /list of strings/],
    ['a zero character', { commandId: 'RunShellScript', script: ['a\0b'] }, /zero character/],
    ['a script that is too long', { commandId: 'RunShellScript', script: ['x'.repeat(262_145)] }, /262145/],
    [
      'a parameter without a name',
      { commandId: 'RunShellScript', parameters: [{ value: 'swordfish' }] },
      /parameters\[0\]/,
    ],
    ['a parameter without a value', { commandId: 'RunShellScript', parameters: [{ name: 'a' }] }, /parameters\[0\]/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const refused = await run(body === undefined ? {} : { body: body as never });
      assert.deepEqual([refused.status, codeOf(refused)], [400, 'InvalidParameter']);
      assert.match(refused.text, said);
      assert.doesNotMatch(refused.text, /swordfish/);
    });
  }
  it('needs its own permission', async () => {
    cloud.grants.push({ principalId: 'reader', action: /read$/i, scope: group });
    const refused = await run({ ...shell(['true']), token: 'reader' });
    assert.equal(refused.status, 403);
    assert.match(refused.text, /Microsoft.Compute\/virtualMachines\/runCommand\/action/);
  });
});

describe('virtualMachines/{n}/runCommands', () => {
  const one = `${web1}/runCommands/setup`;
  const body = (properties: object = {}, more: object = {}) => ({
    body: { location: 'eastus', properties: { source: { script: 'echo hi' }, ...properties }, ...more } as never,
  });
  const view = async () =>
    at((await cloud.ask('GET', `${one}?$expand=instanceView`)).json, 'properties', 'instanceView') as Record<
      string,
      unknown
    >;

  it('runs with its PUT, and shows how it went with $expand=instanceView alone', async () => {
    cloud.host.perform = async () => ({ end: 'exited', exitCode: 4, output: 'hi', error: 'ho' });
    const made = await cloud.done('PUT', one, body({ timeoutInSeconds: 60, runAsUser: 'azureuser' }));
    assert.deepEqual([made.status, at(made.json, 'properties', 'provisioningState')], [201, 'Creating']);
    assert.deepEqual(
      { ...(await view()), startTime: 0, endTime: 0 },
      {
        executionState: 'Failed',
        executionMessage: 'Execution failed: failed to execute command: command terminated with exit status=4',
        exitCode: 4,
        output: 'hi',
        error: 'ho',
        startTime: 0,
        endTime: 0,
        statuses: [],
      },
    );
    const plain = await cloud.ask('GET', one);
    assert.equal(at(plain.json, 'properties', 'provisioningState'), 'Succeeded');
    assert.equal(at(plain.json, 'properties', 'instanceView'), undefined);
    assert.equal(at(plain.json, 'properties', 'runId'), undefined);
    assert.deepEqual([cloud.host.scripts[0]?.user, cloud.host.scripts[0]?.timeoutSeconds], ['azureuser', 60]);
  });
  it('keeps and shows no protected parameter and no password', async () => {
    const secrets = { protectedParameters: [{ name: 'pass', value: 'swordfish' }], runAsPassword: 'marlin' };
    const made = await cloud.done('PUT', one, body({ ...secrets, parameters: [{ name: 'a', value: 'b' }] }));
    assert.deepEqual(cloud.host.scripts[0]?.variables, { a: 'b', pass: 'swordfish' });
    assert.deepEqual(cloud.host.scripts[0]?.arguments, ['b']);
    const stored = JSON.stringify(await cloud.store.list('' as never));
    for (const text of [made.text, stored, (await cloud.ask('GET', one)).text])
      assert.doesNotMatch(text, /swordfish|marlin/);
  });
  it('fails its operation for a failed script where that is asked for', async () => {
    cloud.host.perform = async () => ({ end: 'exited', exitCode: 1, output: '', error: '' });
    const told = await cloud.done('PUT', one, body({ treatFailureAsDeploymentFailure: true }));
    const status = await statusOf(told);
    assert.deepEqual([status['status'], at(status, 'error', 'code')], ['Failed', 'VMExtensionProvisioningError']);
    assert.equal(at((await cloud.ask('GET', one)).json, 'properties', 'provisioningState'), 'Failed');
  });
  it('is done with asyncExecution as soon as the script has begun', async () => {
    cloud.host.perform = endless;
    const told = await cloud.done('PUT', one, body({ asyncExecution: true }));
    assert.equal((await statusOf(told))['status'], 'Succeeded');
    assert.equal((await view())['executionState'], 'Running');
    assert.equal((await cloud.done('DELETE', one)).status, 202);
    assert.equal((await cloud.ask('GET', one)).status, 404);
  });
  it('is canceled by its DELETE: the script ends, the poll says Canceled', async () => {
    cloud.host.perform = endless;
    const told = await cloud.ask('PUT', one, body());
    await turn();
    await cloud.done('DELETE', one);
    assert.equal((await statusOf(told))['status'], 'Canceled');
    assert.equal((await cloud.ask('GET', one)).status, 404);
    assert.equal((await cloud.ask('DELETE', one)).status, 204);
  });
  it('ends what it ran when it is put again, and tells of the new run', async () => {
    cloud.host.perform = endless;
    const first = await cloud.ask('PUT', one, body());
    await turn();
    cloud.host.perform = async () => ({ end: 'exited', exitCode: 0, output: 'new', error: '' });
    const second = await cloud.done('PUT', one, body({ source: { script: 'echo new' } }));
    assert.equal(second.status, 200);
    assert.equal((await statusOf(first))['status'], 'Canceled');
    assert.deepEqual([(await view())['executionState'], (await view())['output']], ['Succeeded', 'new']);
  });
  it('runs anew with a PATCH of its properties, and not with one of its tags', async () => {
    await cloud.done('PUT', one, body());
    await cloud.done('PATCH', one, { body: { tags: { a: '1' } } });
    assert.equal(cloud.host.scripts.length, 1);
    await cloud.done('PATCH', one, { body: { properties: { source: { script: 'echo 2' } } } });
    assert.equal(cloud.host.scripts[1]?.text, 'echo 2');
    assert.deepEqual(at((await cloud.ask('GET', one)).json, 'tags'), { a: '1' });
  });
  it('is listed with its machine, and goes with it', async () => {
    await cloud.done('PUT', one, body());
    const listed = await cloud.ask('GET', `${web1}/runCommands`);
    assert.deepEqual(
      (at(listed.json, 'value') as { name: string }[]).map(({ name }) => name),
      ['setup'],
    );
    await cloud.done('DELETE', web1);
    assert.equal((await cloud.ask('GET', one)).status, 404);
    assert.equal((await cloud.ask('GET', `${web1}/runCommands`)).status, 404);
  });
  it('has failed after a restart that interrupted it', async () => {
    cloud.host.perform = endless;
    await cloud.done('PUT', one, body({ asyncExecution: true }));
    const document = await cloud.store.get(one.toLowerCase() as never);
    const properties = { ...(document?.body['properties'] as object), runId: 'of an earlier Postern' };
    await cloud.store.transact([{ put: one.toLowerCase() as never, body: { ...document?.body, properties } as never }]);
    await reconcileMachines(cloud.context);
    assert.equal((await view())['executionState'], 'Failed');
    assert.match(String((await view())['executionMessage']), /Postern was stopped/);
  });
  it('is not taken by a machine that does not run', async () => {
    await cloud.done('POST', `${web1}/powerOff`);
    const refused = await cloud.ask('PUT', one, body());
    assert.deepEqual([refused.status, codeOf(refused)], [409, 'OperationNotAllowed']);
    assert.equal((await cloud.ask('GET', one)).status, 404);
  });
  for (const [what, properties] of [
    ['no source', { source: undefined }],
    ['an empty source', { source: {} }],
    ['a script elsewhere', { source: { scriptUri: 'https://example.com/a.sh' } }],
    ['a timeout of -1', { timeoutInSeconds: -1 }],
    ['a timeout that is no number', { timeoutInSeconds: '60' }],
    ['output to a blob', { outputBlobUri: 'https://example.com/blob' }],
    ['a flag that is none', { asyncExecution: 'yes' }],
    ['a protected parameter without a name', { protectedParameters: [{ name: '', value: 'x' }] }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal(codeOf(await cloud.ask('PUT', one, body(properties))), 'InvalidParameter');
    });
  }
  it('refuses a name against the rules', async () => {
    assert.equal(codeOf(await cloud.ask('PUT', `${web1}/runCommands/a%20b`, body())), 'InvalidParameter');
  });
});

describe('locations/{l}/runCommands', () => {
  const base = `${group.replace(/\/resourceGroups.*/, '')}/providers/Microsoft.Compute/locations/eastus/runCommands`;
  it('lists the commands without their scripts, and shows one with it', async () => {
    const listed = (await cloud.ask('GET', base)).json['value'] as readonly Record<string, unknown>[];
    assert.deepEqual(
      listed.map(({ id, script }) => [id, script]),
      [
        ['RunPowerShellScript', undefined],
        ['RunShellScript', undefined],
        ['ifconfig', undefined],
      ],
    );
    const shown = (await cloud.ask('GET', `${base}/runshellscript`)).json;
    assert.deepEqual([shown['osType'], Array.isArray(shown['script'])], ['Linux', true]);
    assert.equal((await cloud.ask('GET', `${base}/none`)).status, 404);
  });
});
