import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, type Resource, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { python } from './python-installation.ts';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

interface Claims {
  readonly oid?: string;
  readonly failed?: string;
}

describe('the other doors, on a host whose machines have no inside (postern up --machines doors)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-doors-'));
  let postern: RunningPostern;
  let machine: { principalId: string };
  let shared: Resource;
  let account = 0;

  /** An az with an account folder of its own. */
  const configured = (variables: NodeJS.ProcessEnv): Az => {
    account += 1;
    return azOf(postern, join(folder, String(account)), variables);
  };
  /** What a program needs for a door of the machine. */
  const environmentOf = (door: string): NodeJS.ProcessEnv => {
    const result = postern.postern('vm', 'env', 'web-1', '--door', door, '--json');
    assert.equal(result.status, 0, result.stderr);
    return { ...process.env, ...JSON.parse(result.stdout) };
  };

  before(async () => {
    postern = await startPostern([], ['--machines', 'doors']);
    const { caBundle, subscriptionId } = postern.environment;
    const az = configured({ REQUESTS_CA_BUNDLE: caBundle });
    servicePrincipalLogin(az, postern.environment);
    answerOf(az('group', 'create', '-n', 'doors', '-l', 'westeurope'));
    shared = answerOf(az('identity', 'create', '-g', 'doors', '-n', 'shared')) as Resource;
    const url = `/subscriptions/${subscriptionId}/resourceGroups/doors/providers/Microsoft.Compute/virtualMachines/web-1?api-version=2024-11-01`;
    const identity = { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [shared.id]: {} } };
    const body = JSON.stringify({ location: 'westeurope', identity });
    const made = answerOf(az('rest', '--method', 'put', '--url', url, '--body', body)) as { identity: typeof machine };
    answerOf(az('vm', 'wait', '-g', 'doors', '-n', 'web-1', '--created', '--interval', '1'));
    machine = made.identity;
    const reader = ['--role', 'Reader', '--scope', `/subscriptions/${subscriptionId}/resourceGroups/doors`];
    const assignee = ['--assignee-object-id', machine.principalId, '--assignee-principal-type', 'ServicePrincipal'];
    answerOf(az('role', 'assignment', 'create', ...assignee, ...reader));
  });
  after(async () => {
    await postern?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [door, name] of [
    ['app-service', 'App Service'],
    ['imds', 'AZURE_POD_IDENTITY_AUTHORITY_HOST'],
    ['arc', 'Azure Arc'],
  ] as const) {
    it(`@azure/identity: ManagedIdentityCredential through ${name}`, () => {
      const program = resolve(import.meta.dirname, 'doors-javascript.ts');
      const result = runProgram(process.execPath, [program, shared.clientId], '', environmentOf(door));
      assert.equal(result.status, 0, result.stderr);
      const answers = JSON.parse(result.stdout) as Readonly<Record<string, Claims>>;
      assert.equal(answers['none']?.oid, machine.principalId, answers['none']?.failed);
      assert.equal(answers['clientId']?.oid, shared.principalId, answers['clientId']?.failed);
    });

    it(`azure-identity: ManagedIdentityCredential through ${name}`, () => {
      const program = resolve(import.meta.dirname, 'python/door.py');
      const result = runProgram(python, [program], '', environmentOf(door));
      assert.equal(result.status, 0, result.stderr);
      assert.equal((JSON.parse(result.stdout) as Claims).oid, machine.principalId);
    });

    it(`az: az login --identity through ${name}`, () => {
      const az = configured(environmentOf(door));
      answerOf(az('login', '--identity'));
      const listed = answerOf(az('vm', 'list', '-g', 'doors')) as Resource[];
      assert.deepEqual(
        listed.map((one) => one.name),
        ['web-1'],
      );
      assert.match(az('group', 'create', '-n', 'other', '-l', 'westeurope').stderr, /AuthorizationFailed/);
    });
  }
});
