import assert from 'node:assert/strict';
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
import { azProgram, pythonFolder } from './az-installation.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

interface Account {
  readonly id: string;
  readonly tenantId: string;
  readonly user: { readonly name: string; readonly type: string; readonly assignedIdentityInfo?: string };
}

describe('az 2.91.0: inside a machine, with the public cloud names, nothing registered and nothing configured', () => {
  let postern: RunningPostern;
  let az: Az;
  const azOn =
    (machine: string): Az =>
    (...words) =>
      postern.inside(machine, [
        'env',
        'AZURE_CORE_COLLECT_TELEMETRY=0',
        'AZURE_CORE_ONLY_SHOW_ERRORS=1',
        azProgram,
        ...words,
        '--output',
        'json',
      ]);

  before(async () => {
    postern = await startPostern([pythonFolder()]);
    az = azOn('console');
  });
  after(() => postern?.stop());

  it('az login --identity', () => {
    const [account] = answerOf(az('login', '--identity')) as Account[];
    assert.equal(account?.id, postern.environment.subscriptionId);
    assert.equal(account?.user.name, 'systemAssignedIdentity');
  });

  it('az account show | list | get-access-token', () => {
    assert.equal((answerOf(az('account', 'show')) as Account).tenantId, postern.environment.tenantId);
    assert.equal((answerOf(az('account', 'list')) as Account[]).length, 1);
    const token = answerOf(az('account', 'get-access-token')) as {
      accessToken: string;
      tenant: string;
      expires_on: number;
    };
    assert.equal(token.accessToken.split('.').length, 3);
    assert.ok(token.expires_on * 1000 > Date.now());
  });

  it('az group, vm, identity, role assignment, monitor activity-log', () => {
    const place = { subscriptionId: postern.environment.subscriptionId, group: 'inside' };
    groupCommands(az, place);
    vmCommands(az, place, 'web-1');
    const shared = identityCommands(az, place, 'web-1');
    roleCommands(az, place, shared);
    activityLogCommands(az, place, principalOf(az));
    deleteCommands(az, place);
  });

  it('az login --identity --client-id | --object-id | --resource-id', () => {
    const { subscriptionId } = postern.environment;
    const scope = `/subscriptions/${subscriptionId}/resourceGroups/selectors`;
    answerOf(az('group', 'create', '-n', 'selectors', '-l', 'westeurope'));
    const vm = `${scope}/providers/Microsoft.Compute/virtualMachines/web-2?api-version=2024-11-01`;
    const identity = answerOf(az('identity', 'create', '-g', 'selectors', '-n', 'shared')) as Resource;
    const body = {
      location: 'westeurope',
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity.id]: {} } },
    };
    answerOf(az('rest', '--method', 'put', '--url', vm, '--body', JSON.stringify(body)));
    answerOf(az('vm', 'wait', '-g', 'selectors', '-n', 'web-2', '--created', '--interval', '1'));
    const assignee = ['--assignee-object-id', identity.principalId, '--assignee-principal-type', 'ServicePrincipal'];
    answerOf(az('role', 'assignment', 'create', ...assignee, '--role', 'Reader', '--scope', scope));

    const inside = azOn('web-2');
    const selectors = [
      ['--client-id', identity.clientId, 'MSIClient'],
      ['--object-id', identity.principalId, 'MSIObject'],
      ['--resource-id', identity.id, 'MSIResource'],
    ];
    for (const [option = '', value = '', info] of selectors) {
      const [account] = answerOf(inside('login', '--identity', option, value)) as Account[];
      assert.equal(account?.user.name, 'userAssignedIdentity');
      assert.equal(account?.user.assignedIdentityInfo, `${info}-${value}`);
      assert.equal((answerOf(inside('vm', 'list', '-g', 'selectors')) as Resource[]).length, 1);
    }
    const unknown = inside('login', '--identity', '--client-id', '00000000-0000-4000-8000-000000000000');
    assert.notEqual(unknown.status, 0);
    assert.match(unknown.stderr, /Identity not found/);
  });

  it('az login --service-principal --password', () => {
    servicePrincipalLogin(az, postern.environment);
    assert.ok((answerOf(az('group', 'list')) as Resource[]).length > 0);
  });
});
