import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
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
  type Resource,
  roleCommands,
  servicePrincipalLogin,
  vmCommands,
} from './az-commands.ts';
import { pythonFolder } from './az-installation.ts';
import { azOf, freshAz } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

describe('az 2.91.0: outside the machines', () => {
  let postern: RunningPostern;
  let az: Az;
  const configuration = mkdtempSync(join(tmpdir(), 'postern-az-'));

  before(async () => {
    postern = await startPostern([pythonFolder()]);
    az = azOf(postern, configuration);
  });
  after(async () => {
    await postern?.stop();
    rmSync(configuration, { recursive: true, force: true });
  });

  it('az cloud register --cloud-config | set | show', () => {
    const cloud = answerOf(az('cloud', 'show', '--name', 'Postern')) as { endpoints: { resourceManager: string } };
    assert.equal(cloud.endpoints.resourceManager.replace(/\/$/, ''), postern.environment.origin);
  });

  it('az cloud register --endpoint-resource-manager alone: az finds the rest', () => {
    const { clientId, clientSecret, origin, subscriptionId, tenantId } = postern.environment;
    const fresh = freshAz(postern, join(configuration, 'endpoint-alone'));
    answerOf(fresh('cloud', 'register', '--name', 'Postern', '--endpoint-resource-manager', origin));
    answerOf(fresh('cloud', 'set', '--name', 'Postern'));
    const { endpoints } = answerOf(fresh('cloud', 'show')) as { endpoints: Record<string, string | null> };
    assert.equal(endpoints['activeDirectory'], `${origin}/adfs`);
    assert.equal(endpoints['microsoftGraphResourceId'], `${origin}/`);
    const login = ['login', '--service-principal', '--username', clientId, '--password', clientSecret];
    const [account] = answerOf(fresh(...login, '--tenant', tenantId)) as { id: string }[];
    assert.equal(account?.id, subscriptionId);
    assert.ok((answerOf(fresh('group', 'list')) as Resource[]).some(({ name }) => name === 'postern'));
    assert.ok((answerOf(fresh('vm', 'list')) as Resource[]).some(({ name }) => name === 'console'));
    const { appId } = answerOf(fresh('ad', 'sp', 'show', '--id', clientId)) as { appId: string };
    assert.equal(appId, clientId, 'Graph is found too');
    const refused = fresh('cloud', 'register', '--name', 'Other', '--endpoint-resource-manager', `${origin}/elsewhere`);
    assert.notEqual(refused.status, 0, 'what is no resource manager is not registered');
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
