import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const group = 'rg-access';
const gallery = ['--resource-group', group, '--gallery-name', 'gal'];
const profile = [...gallery, '--profile-name', 'web'];
const itself = [...gallery, '--name', 'web'];
const version = [...profile, '--profile-version', '1.0.0'];

const rules = JSON.stringify({
  privileges: [
    {
      name: 'vault',
      path: '/metadata/identity/oauth2/token',
      'query-parameters': { resource: 'https://vault.azure.net' },
    },
  ],
  roles: [{ name: 'readers', privileges: ['vault'] }],
  identities: [{ name: 'azureuser', 'user-name': 'azureuser' }],
  'role-assignments': [{ role: 'readers', identities: ['azureuser'] }],
});

interface Machine {
  readonly securityProfile: {
    readonly proxyAgentSettings: {
      readonly enabled: boolean;
      readonly imds: { readonly mode: string; readonly inVmAccessControlProfileReferenceId: string };
    };
  };
}

let postern: RunningPostern;
let az: Az;
let versionId: string;
const configuration = mkdtempSync(join(tmpdir(), 'postern-az-'));

before(async () => {
  postern = await startPostern();
  az = azOf(postern, configuration);
  servicePrincipalLogin(az, postern.environment);
  answerOf(az('group', 'create', '-n', group, '-l', 'eastus'));
});
after(async () => {
  await postern?.stop();
  rmSync(configuration, { recursive: true, force: true });
});

describe('az 2.91.0: in-VM access control profiles', () => {
  it('az sig create|show|list', () => {
    const made = answerOf(az('sig', 'create', ...gallery)) as { readonly provisioningState: string };
    assert.equal(made.provisioningState, 'Succeeded');
    assert.equal((answerOf(az('sig', 'show', ...gallery)) as { name: string }).name, 'gal');
    assert.equal((answerOf(az('sig', 'list', '-g', group)) as unknown[]).length, 1);
  });

  it('az sig in-vm-access-control-profile create|show|list|update|wait', () => {
    const base = ['sig', 'in-vm-access-control-profile'];
    const kind = ['--os-type', 'Linux', '--applicable-host-endpoint', 'IMDS', '--location', 'eastus'];
    answerOf(az(...base, 'create', ...itself, ...kind));
    answerOf(az(...base, 'update', ...itself, '--description', 'web servers'));
    answerOf(az(...base, 'wait', ...itself, '--created', '--interval', '1'));
    const shown = answerOf(az(...base, 'show', ...itself)) as { properties: Record<string, string> };
    assert.deepEqual([shown.properties['osType'], shown.properties['description']], ['Linux', 'web servers']);
    assert.equal((answerOf(az(...base, 'list', ...gallery)) as unknown[]).length, 1);
  });

  it('az sig in-vm-access-control-profile-version create|show|list|update|wait', () => {
    const base = ['sig', 'in-vm-access-control-profile-version'];
    const words = ['--mode', 'Enforce', '--default-access', 'Allow', '--location', 'eastus'];
    const made = answerOf(az(...base, 'create', ...version, ...words, '--rules', rules)) as { id: string };
    versionId = made.id;
    answerOf(az(...base, 'update', ...version, '--exclude-from-latest', 'false'));
    answerOf(az(...base, 'wait', ...version, '--updated', '--interval', '1'));
    const shown = answerOf(az(...base, 'show', ...version)) as { mode: string; rules: { identities: unknown } };
    assert.equal(shown.mode, 'Enforce');
    assert.deepEqual(shown.rules.identities, [{ name: 'azureuser', userName: 'azureuser' }]);
    assert.equal((answerOf(az(...base, 'list', ...profile)) as unknown[]).length, 1);
  });

  it('az sig in-vm-access-control-profile-version create, refused with the value that is wrong', () => {
    const words = ['--mode', 'Enforce', '--default-access', 'Deny', '--location', 'eastus'];
    const wrong = JSON.stringify({ identities: [{ name: 'nobody' }] });
    const target = [...profile, '--profile-version', '9.0.0', ...words, '--rules', wrong];
    const refused = az('sig', 'in-vm-access-control-profile-version', 'create', ...target);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /InvalidParameter.*nobody/s);
  });
});

describe('az 2.91.0: machines with access control', () => {
  const shown = () => (answerOf(az('vm', 'show', '-g', group, '-n', 'web-1')) as Machine).securityProfile;
  const explained = (user: string) => {
    const { stdout } = postern.postern(
      'access',
      'explain',
      '--vm',
      'web-1',
      '--user',
      user,
      '--resource',
      'https://vault.azure.net',
      '--json',
    );
    return JSON.parse(stdout) as { decision: string; passes: boolean; profileVersionId?: string };
  };

  it('az vm update --enable-proxy-agent --imds-access-control-profile-reference-id', () => {
    const id = versionId.replace(/galleries.*/, 'virtualMachines/web-1');
    const url = `${postern.environment.origin}${id}?api-version=2024-11-01`;
    const body = JSON.stringify({ location: 'eastus', identity: { type: 'SystemAssigned' } });
    answerOf(az('rest', '--method', 'put', '--url', url, '--body', body));
    answerOf(az('vm', 'wait', '-g', group, '-n', 'web-1', '--created', '--interval', '1'));
    const guarded = ['--enable-proxy-agent', 'true', '--imds-access-control-profile-reference-id', versionId];
    answerOf(az('vm', 'update', '-g', group, '-n', 'web-1', ...guarded));
    assert.equal(shown().proxyAgentSettings.enabled, true);
    assert.equal(explained('azureuser').decision, 'Allow');
    assert.deepEqual([explained('bob').decision, explained('bob').passes], ['Deny', false]);
    assert.equal(explained('bob').profileVersionId, versionId);
  });

  it('az vm update --imds-mode', () => {
    answerOf(az('vm', 'update', '-g', group, '-n', 'web-1', '--enable-proxy-agent', 'true', '--imds-mode', 'Audit'));
    assert.equal(shown().proxyAgentSettings.imds.mode, 'Audit');
    assert.deepEqual([explained('bob').decision, explained('bob').passes], ['Deny', true]);
  });

  it('az vm update --set securityProfile.proxyAgentSettings.imds.mode', () => {
    const property = 'securityProfile.proxyAgentSettings.imds.mode=Enforce';
    answerOf(az('vm', 'update', '-g', group, '-n', 'web-1', '--set', property));
    assert.equal(explained('bob').passes, false);
  });

  it('az sig in-vm-access-control-profile-version update, refused for a version that is used', () => {
    const refused = az('sig', 'in-vm-access-control-profile-version', 'update', ...version, '--mode', 'Audit');
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /PropertyChangeNotAllowed/);
  });

  it('az sig in-vm-access-control-profile[-version] delete', () => {
    answerOf(az('vm', 'delete', '-g', group, '-n', 'web-1', '--yes'));
    answerOf(az('sig', 'in-vm-access-control-profile-version', 'delete', ...version, '--yes'));
    answerOf(az('sig', 'in-vm-access-control-profile', 'delete', ...itself, '--yes'));
    answerOf(az('sig', 'delete', ...gallery));
    assert.deepEqual(answerOf(az('sig', 'list', '-g', group)), []);
  });
});
