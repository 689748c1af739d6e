import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const group = 'rg-compute';
const vm = ['-g', group, '-n', 'web-1'] as const;
const set = ['-g', group, '-n', 'web'] as const;

let postern: RunningPostern;
let az: Az;
const configuration = mkdtempSync(join(tmpdir(), 'postern-az-'));

before(async () => {
  postern = await startPostern();
  az = azOf(postern, configuration);
  servicePrincipalLogin(az, postern.environment);
  answerOf(az('group', 'create', '-n', group, '-l', 'eastus'));
  put('virtualMachines/web-1', { location: 'eastus' });
  answerOf(az('vm', 'wait', ...vm, '--created', '--interval', '1'));
});
after(async () => {
  await postern?.stop();
  rmSync(configuration, { recursive: true, force: true });
});

/** Makes what az's own `create` cannot make without networks. */
function put(name: string, body: object): void {
  const { subscriptionId } = postern.environment;
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/${name}`;
  answerOf(az('rest', '--method', 'put', '--url', `${path}?api-version=2024-11-01`, '--body', JSON.stringify(body)));
}

const refusal = (...words: readonly string[]) => {
  const { status, stderr } = az(...words);
  assert.notEqual(status, 0, words.join(' '));
  return stderr;
};

describe('az 2.91.0: scripts in machines', () => {
  const runCommand = (verb: string, ...words: readonly string[]) =>
    answerOf(az('vm', 'run-command', verb, '-g', group, ...words));
  /** The message of `invoke`, which holds both streams. */
  const invoke = (...words: readonly string[]) => {
    const shell = ['--command-id', 'RunShellScript', '--scripts'];
    const answer = runCommand('invoke', '-n', 'web-1', ...shell, ...words) as { value: { message: string }[] };
    return answer.value[0]?.message ?? '';
  };

  it('az vm run-command invoke', () => {
    assert.match(invoke('id -un; hostname'), /\[stdout\]\nroot\nweb-1\n/);
    assert.match(invoke('echo "$1 and $second"', '--parameters', 'one', 'second=two'), /one and two/);
    assert.match(invoke('echo to stderr >&2; exit 3'), /\[stderr\]\nto stderr\n/);
  });
  it('az vm run-command invoke (a script that floods its output, one that kills its parent)', () => {
    const message = invoke('head -c 100000000 /dev/zero | tr "\\0" x; echo the end');
    assert.ok(message.length < 10_000 && message.includes('the end'), String(message.length));
    assert.match(invoke('kill -9 $PPID; echo still here'), /\[stdout\]/);
    assert.match(invoke('echo yet another'), /yet another/);
  });
  it('az vm run-command list (of a region), show --command-id', () => {
    const documents = runCommandDocuments('list') as readonly { id: string }[];
    assert.ok(documents.some(({ id }) => id === 'RunShellScript'));
    const one = runCommandDocuments('show', '--command-id', 'RunShellScript') as { id: string; osType: string };
    assert.deepEqual([one.id, one.osType], ['RunShellScript', 'Linux']);
  });
  const runCommandDocuments = (verb: string, ...words: readonly string[]) =>
    answerOf(az('vm', 'run-command', verb, '-l', 'eastus', ...words));

  it('az vm run-command create', () => {
    const made = runCommand(
      'create',
      '--vm-name',
      'web-1',
      '--name',
      'first',
      '--script',
      'echo made by $(id -un)',
    ) as {
      name: string;
      provisioningState: string;
    };
    assert.deepEqual([made.name, made.provisioningState], ['first', 'Succeeded']);
  });
  it('az vm run-command show, list', () => {
    const shown = runCommand('show', '--vm-name', 'web-1', '--name', 'first', '--instance-view') as {
      instanceView: { exitCode: number; executionState: string; output: string };
    };
    const { exitCode, executionState, output } = shown.instanceView;
    assert.deepEqual([exitCode, executionState, output], [0, 'Succeeded', 'made by root\n']);
    const listed = runCommand('list', '--vm-name', 'web-1') as readonly { name: string }[];
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['first'],
    );
  });
  it('az vm run-command update, delete', () => {
    runCommand('update', '--vm-name', 'web-1', '--name', 'first', '--script', 'exit 4');
    const shown = runCommand('show', '--vm-name', 'web-1', '--name', 'first', '--instance-view') as {
      instanceView: { exitCode: number };
    };
    assert.equal(shown.instanceView.exitCode, 4);
    runCommand('delete', '--vm-name', 'web-1', '--name', 'first', '--yes');
    assert.deepEqual(runCommand('list', '--vm-name', 'web-1'), []);
  });
  it('az vm run-command invoke (refused: a machine that there is not, one that is stopped)', () => {
    const shell = ['--command-id', 'RunShellScript', '--scripts', 'true'];
    assert.match(refusal('vm', 'run-command', 'invoke', '-g', group, '-n', 'none', ...shell), /ResourceNotFound/);
    answerOf(az('vm', 'deallocate', ...vm));
    assert.match(refusal('vm', 'run-command', 'invoke', ...vm, ...shell), /OperationNotAllowed/);
    answerOf(az('vm', 'start', ...vm));
  });
});

describe('az 2.91.0: scale sets', () => {
  interface Identity {
    readonly type: string;
    readonly principalId?: string;
    readonly systemAssignedIdentity?: string;
    readonly userAssignedIdentities?: Readonly<Record<string, unknown>> | null;
  }
  const vmss = (...words: readonly string[]) => answerOf(az('vmss', ...words, ...set));

  before(() =>
    put('virtualMachineScaleSets/web', {
      location: 'eastus',
      sku: { name: 'Standard_B2s', tier: 'Standard', capacity: 2 },
      properties: { orchestrationMode: 'Uniform', upgradePolicy: { mode: 'Automatic' } },
    }),
  );

  it('az vmss show, list, wait', () => {
    answerOf(az('vmss', 'wait', ...set, '--created', '--interval', '1'));
    const { name, sku } = vmss('show') as { name: string; sku: { capacity: number } };
    assert.deepEqual([name, sku.capacity], ['web', 2]);
    const listed = answerOf(az('vmss', 'list', '-g', group)) as readonly { name: string }[];
    assert.deepEqual(
      listed.map((one) => one.name),
      ['web'],
    );
  });
  it('az vmss list-instances', () => {
    const instances = vmss('list-instances') as readonly { instanceId: string }[];
    assert.equal(instances.length, 2);
  });
  it('az vmss identity assign, show, remove', () => {
    const own = vmss('identity', 'assign') as Identity;
    assert.match(own.systemAssignedIdentity ?? '', /^[0-9a-f-]{36}$/);
    const shared = answerOf(az('identity', 'create', '-g', group, '-n', 'shared')) as { id: string };
    answerOf(az('vmss', 'identity', 'assign', ...set, '--identities', shared.id));
    const both = vmss('identity', 'show') as Identity;
    assert.deepEqual([both.type, both.principalId], ['SystemAssigned, UserAssigned', own.systemAssignedIdentity]);
    answerOf(az('vmss', 'identity', 'remove', ...set, '--identities', shared.id));
    assert.equal((vmss('identity', 'show') as Identity).type, 'SystemAssigned');
  });
  it('az vmss scale, restart, stop, start, delete-instances', () => {
    answerOf(az('vmss', 'scale', ...set, '--new-capacity', '3'));
    const instances = () => vmss('list-instances') as readonly { instanceId: string }[];
    assert.equal(instances().length, 3);
    vmss('restart');
    vmss('stop');
    vmss('start');
    const [first] = instances();
    answerOf(az('vmss', 'delete-instances', ...set, '--instance-ids', first?.instanceId ?? ''));
    assert.equal(instances().length, 2);
  });
  it('az vmss delete', () => {
    vmss('delete');
    assert.match(refusal('vmss', 'show', ...set), /ResourceNotFound/);
  });
});

describe('az 2.91.0: what is looked up before a machine is made', () => {
  const names = (...words: readonly string[]) =>
    (answerOf(az('vm', ...words)) as readonly { name: string }[]).map(({ name }) => name);

  it('az vm list-sizes', () => {
    assert.ok(names('list-sizes', '-l', 'eastus').includes('Standard_B2s'));
  });
  it('az vm list-skus', () => {
    const found = names(
      'list-skus',
      '-l',
      'westeurope',
      '--size',
      'Standard_D2s',
      '--resource-type',
      'virtualMachines',
    );
    assert.ok(found.includes('Standard_D2s_v5'));
  });
  it('az vm list-usage', () => {
    const usages = answerOf(az('vm', 'list-usage', '-l', 'eastus')) as readonly { localName: string }[];
    assert.ok(usages.some(({ localName }) => localName === 'Total Regional vCPUs'));
  });
  it('az vm image list-publishers, list-offers, list-skus, list, show', () => {
    assert.ok(names('image', 'list-publishers', '-l', 'eastus').includes('Canonical'));
    const offer = ['-l', 'eastus', '-p', 'Canonical'];
    assert.ok(names('image', 'list-offers', ...offer).includes('ubuntu-24_04-lts'));
    assert.ok(names('image', 'list-skus', ...offer, '-f', 'ubuntu-24_04-lts').includes('server'));
    const all = ['--all', ...offer, '-f', 'ubuntu-24_04-lts'];
    const images = answerOf(az('vm', 'image', 'list', ...all)) as readonly { urn: string; version: string }[];
    const urn = images.find((image) => image.urn.includes(':server:'))?.urn ?? '';
    const shown = answerOf(az('vm', 'image', 'show', '-l', 'eastus', '--urn', urn)) as { osDiskImage: object };
    assert.ok('operatingSystem' in shown.osDiskImage);
  });
  it('az vm resize (refused: a size that there is not)', () => {
    assert.match(refusal('vm', 'resize', ...vm, '--size', 'Standard_Huge'), /Standard_Huge/);
    const resized = answerOf(az('vm', 'resize', ...vm, '--size', 'Standard_B2ms')) as {
      hardwareProfile: { vmSize: string };
    };
    assert.equal(resized.hardwareProfile.vmSize, 'Standard_B2ms');
  });
});
