import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  type Az,
  activityLogCommands,
  answerOf,
  deleteCommands,
  groupCommands,
  identityCommands,
  principalOf,
  roleCommands,
  servicePrincipalLogin,
  vmCommands,
} from './az-commands.ts';
import { azProgram, pythonFolder } from './az-installation.ts';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

describe('az 2.91.0: outside the machines', () => {
  let postern: RunningPostern;
  let az: Az;
  const configuration = mkdtempSync(join(tmpdir(), 'postern-az-'));

  before(async () => {
    postern = await startPostern([pythonFolder()]);
    const env = {
      ...process.env,
      AZURE_CONFIG_DIR: configuration,
      AZURE_CORE_COLLECT_TELEMETRY: '0',
      AZURE_CORE_ONLY_SHOW_ERRORS: '1',
      REQUESTS_CA_BUNDLE: postern.environment.caBundle,
    };
    az = (...words) => runProgram(azProgram, [...words, '--output', 'json'], '', env);
  });
  after(async () => {
    await postern?.stop();
    rmSync(configuration, { recursive: true, force: true });
  });

  it('az cloud register --cloud-config | set | show', () => {
    const file = join(configuration, 'postern.json');
    writeFileSync(file, postern.postern('az-cloud').stdout);
    answerOf(az('cloud', 'register', '--name', 'Postern', '--cloud-config', `@${file}`));
    answerOf(az('cloud', 'set', '--name', 'Postern'));
    const cloud = answerOf(az('cloud', 'show', '--name', 'Postern')) as { endpoints: { resourceManager: string } };
    assert.equal(cloud.endpoints.resourceManager.replace(/\/$/, ''), postern.environment.origin);
  });

  it('az login --service-principal --password', () => {
    servicePrincipalLogin(az, postern.environment);
    const shown = answerOf(az('account', 'show')) as { user: { name: string; type: string } };
    assert.deepEqual(shown.user, { name: postern.environment.clientId, type: 'servicePrincipal' });
    assert.equal((answerOf(az('account', 'list')) as unknown[]).length, 1);
    const token = answerOf(az('account', 'get-access-token')) as { accessToken: string };
    assert.equal(token.accessToken.split('.').length, 3);
  });

  it('az group, vm, identity, role assignment, monitor activity-log', () => {
    const place = { subscriptionId: postern.environment.subscriptionId, group: 'outside' };
    groupCommands(az, place);
    vmCommands(az, place, 'web-1');
    const shared = identityCommands(az, place, 'web-1');
    roleCommands(az, place, shared);
    activityLogCommands(az, place, principalOf(az));
    deleteCommands(az, place);
  });
});
