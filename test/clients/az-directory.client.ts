import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, servicePrincipalLogin } from './az-commands.ts';
import { azProgram, pythonFolder } from './az-installation.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

interface Shown {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly keyId: string;
  readonly description: string;
}

describe('az 2.91.0: the directory', () => {
  let postern: RunningPostern;
  let az: Az;
  const folders: string[] = [];

  /** An az of its own configuration, with the cloud registered. */
  const configured = (): Az => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-az-'));
    folders.push(folder);
    return azOf(postern, folder);
  };
  const run = (...words: readonly string[]) => answerOf(az(...words));

  before(async () => {
    postern = await startPostern([pythonFolder()]);
    az = configured();
    servicePrincipalLogin(az, postern.environment);
  });
  after(async () => {
    await postern?.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('az ad app create | show | list | update | delete', () => {
    const made = run('ad', 'app', 'create', '--display-name', 'billing', '--identifier-uris', 'api://billing') as Shown;
    assert.equal((run('ad', 'app', 'show', '--id', 'api://billing') as Shown).appId, made.appId);
    assert.equal((run('ad', 'app', 'show', '--id', made.appId) as Shown).id, made.id);
    run('ad', 'app', 'update', '--id', made.appId, '--display-name', 'invoices');
    const listed = run('ad', 'app', 'list', '--display-name', 'inv') as Shown[];
    assert.deepEqual(
      listed.map(({ id }) => id),
      [made.id],
    );
    run('ad', 'app', 'delete', '--id', made.appId);
    assert.match(az('ad', 'app', 'show', '--id', made.id).stderr, /does not exist/);
  });

  it('az ad app credential reset | list | delete, with a secret and with --create-cert', () => {
    const { appId } = run('ad', 'app', 'create', '--display-name', 'credentials') as Shown;
    run('ad', 'sp', 'create', '--id', appId);
    const reset = run('ad', 'app', 'credential', 'reset', '--id', appId) as { password: string; tenant: string };
    const login = ['login', '--service-principal', '--username', appId, '--tenant', reset.tenant];
    const other = configured();
    answerOf(other(...login, '--password', reset.password, '--allow-no-subscriptions'));
    const [secret] = run('ad', 'app', 'credential', 'list', '--id', appId) as Shown[];
    run('ad', 'app', 'credential', 'delete', '--id', appId, '--key-id', secret?.keyId ?? '');
    assert.deepEqual(run('ad', 'app', 'credential', 'list', '--id', appId), []);
    const certified = run('ad', 'app', 'credential', 'reset', '--id', appId, '--create-cert') as {
      fileWithCertAndPrivateKey: string;
    };
    assert.match(readFileSync(certified.fileWithCertAndPrivateKey, 'utf8'), /BEGIN CERTIFICATE/);
    assert.equal((run('ad', 'app', 'credential', 'list', '--id', appId, '--cert') as Shown[]).length, 1);
    const third = configured();
    answerOf(third(...login, '--certificate', certified.fileWithCertAndPrivateKey, '--allow-no-subscriptions'));
  });

  it('az ad app owner add | list | remove', () => {
    const { appId } = run('ad', 'app', 'create', '--display-name', 'owned') as Shown;
    const { id } = run('ad', 'sp', 'create', '--id', appId) as Shown;
    run('ad', 'app', 'owner', 'add', '--id', appId, '--owner-object-id', id);
    assert.ok((run('ad', 'app', 'owner', 'list', '--id', appId) as Shown[]).some((owner) => owner.id === id));
    run('ad', 'app', 'owner', 'remove', '--id', appId, '--owner-object-id', id);
    assert.ok(!(run('ad', 'app', 'owner', 'list', '--id', appId) as Shown[]).some((owner) => owner.id === id));
  });

  it('az ad app federated-credential create | show | list | update | delete', () => {
    const { appId } = run('ad', 'app', 'create', '--display-name', 'federated') as Shown;
    const credential = {
      name: 'ci-main',
      issuer: 'https://ci.example',
      subject: 'main',
      audiences: ['api://AzureADTokenExchange'],
    };
    const words = ['ad', 'app', 'federated-credential'];
    run(...words, 'create', '--id', appId, '--parameters', JSON.stringify(credential));
    const of = ['--id', appId, '--federated-credential-id', 'ci-main'];
    run(...words, 'update', ...of, '--parameters', JSON.stringify({ subject: 'dev' }));
    assert.equal((run(...words, 'show', ...of) as { subject: string }).subject, 'dev');
    assert.equal((run(...words, 'list', '--id', appId) as Shown[]).length, 1);
    run(...words, 'delete', ...of);
    assert.deepEqual(run(...words, 'list', '--id', appId), []);
  });

  it('az ad sp create | show | list | update | owner list | credential reset | delete', () => {
    const { appId } = run('ad', 'app', 'create', '--display-name', 'principal') as Shown;
    const { id } = run('ad', 'sp', 'create', '--id', appId) as Shown;
    assert.equal((run('ad', 'sp', 'show', '--id', appId) as Shown).id, id);
    run('ad', 'sp', 'update', '--id', id, '--set', 'notes=mine');
    assert.equal((run('ad', 'sp', 'show', '--id', id) as { notes: string }).notes, 'mine');
    assert.equal((run('ad', 'sp', 'list', '--display-name', 'principal') as Shown[]).length, 1);
    assert.ok((run('ad', 'sp', 'list', '--all') as Shown[]).length > 1);
    assert.equal((run('ad', 'sp', 'owner', 'list', '--id', id) as Shown[]).length, 1);
    assert.ok((run('ad', 'sp', 'credential', 'reset', '--id', id) as { password: string }).password);
    run('ad', 'sp', 'delete', '--id', id);
    assert.notEqual(az('ad', 'sp', 'show', '--id', appId).status, 0);
  });

  it('az ad sp create-for-rbac', () => {
    const scope = `/subscriptions/${postern.environment.subscriptionId}`;
    const words = ['ad', 'sp', 'create-for-rbac', '--name', 'deployer', '--role', 'Reader', '--scopes', scope];
    const made = run(...words) as { appId: string; password: string; tenant: string };
    const other = configured();
    const login = ['login', '--service-principal', '--username', made.appId, '--tenant', made.tenant];
    const accounts = answerOf(other(...login, '--password', made.password)) as Shown[];
    assert.equal(accounts.length, 1);
    answerOf(other('group', 'list'));
    assert.match(other('group', 'create', '-n', 'x', '-l', 'westeurope').stderr, /AuthorizationFailed/);
  });

  it('az ad sp create-for-rbac --create-cert', () => {
    const made = run('ad', 'sp', 'create-for-rbac', '--create-cert') as {
      appId: string;
      tenant: string;
      fileWithCertAndPrivateKey: string;
    };
    const login = ['login', '--service-principal', '--username', made.appId, '--tenant', made.tenant];
    answerOf(configured()(...login, '--certificate', made.fileWithCertAndPrivateKey, '--allow-no-subscriptions'));
  });

  it('az ad group create | list | show | delete, member add | list | check | remove, owner add | list | remove', () => {
    const group = run('ad', 'group', 'create', '--display-name', 'operators', '--mail-nickname', 'operators') as Shown;
    const inner = run('ad', 'group', 'create', '--display-name', 'inner', '--mail-nickname', 'inner') as Shown;
    const { appId } = run('ad', 'app', 'create', '--display-name', 'member') as Shown;
    const { id } = run('ad', 'sp', 'create', '--id', appId) as Shown;
    assert.equal((run('ad', 'group', 'show', '--group', 'operators') as Shown).id, group.id);
    assert.equal((run('ad', 'group', 'list', '--display-name', 'oper') as Shown[]).length, 1);
    run('ad', 'group', 'member', 'add', '--group', group.id, '--member-id', inner.id);
    run('ad', 'group', 'member', 'add', '--group', inner.id, '--member-id', id);
    const check = ['ad', 'group', 'member', 'check', '--group', group.id, '--member-id', id];
    assert.deepEqual(run(...check), { value: true });
    assert.deepEqual(
      (run('ad', 'group', 'member', 'list', '--group', group.id) as Shown[]).map((one) => one.id),
      [inner.id],
    );
    assert.deepEqual(run('ad', 'group', 'get-member-groups', '--group', inner.id), [group.id]);
    run('ad', 'group', 'owner', 'add', '--group', group.id, '--owner-object-id', id);
    assert.equal((run('ad', 'group', 'owner', 'list', '--group', group.id) as Shown[]).length, 1);
    run('ad', 'group', 'owner', 'remove', '--group', group.id, '--owner-object-id', id);
    run('ad', 'group', 'member', 'remove', '--group', group.id, '--member-id', inner.id);
    assert.deepEqual(run(...check), { value: false });
    run('ad', 'group', 'delete', '--group', group.id);
    assert.notEqual(az('ad', 'group', 'show', '--group', group.id).status, 0);
  });

  it('az role assignment create, to a group', () => {
    const group = run('ad', 'group', 'create', '--display-name', 'readers', '--mail-nickname', 'readers') as Shown;
    const scope = `/subscriptions/${postern.environment.subscriptionId}`;
    const given = run('role', 'assignment', 'create', '--assignee', group.id, '--role', 'Reader', '--scope', scope) as {
      principalType: string;
    };
    assert.equal(given.principalType, 'Group');
    const listed = run('role', 'assignment', 'list', '--assignee', group.id) as { principalName: string }[];
    assert.deepEqual(
      listed.map(({ principalName }) => principalName),
      ['readers'],
    );
  });

  it('az ad app permission add | list | delete', () => {
    const graph = '00000003-0000-0000-c000-000000000000';
    const permission = '7ab1d382-f21e-4acd-a863-ba3e13f7da61';
    const { appId } = run('ad', 'app', 'create', '--display-name', 'permitted') as Shown;
    const words = ['ad', 'app', 'permission'];
    run(...words, 'add', '--id', appId, '--api', graph, '--api-permissions', `${permission}=Role`);
    const [listed] = run(...words, 'list', '--id', appId) as {
      resourceAppId: string;
      resourceAccess: { id: string }[];
    }[];
    assert.deepEqual([listed?.resourceAppId, listed?.resourceAccess[0]?.id], [graph, permission]);
    run(...words, 'delete', '--id', appId, '--api', graph);
    assert.deepEqual(run(...words, 'list', '--id', appId), []);
  });

  it('az ad app permission grant | list-grants', () => {
    const graph = '00000003-0000-0000-c000-000000000000';
    const { appId } = run('ad', 'app', 'create', '--display-name', 'granted') as Shown;
    run('ad', 'sp', 'create', '--id', appId);
    const words = ['ad', 'app', 'permission'];
    run(...words, 'grant', '--id', appId, '--api', graph, '--scope', 'User.Read');
    run(...words, 'grant', '--id', appId, '--api', graph, '--scope', 'User.Read', 'Mail.Read');
    const grants = run(...words, 'list-grants', '--id', appId, '--show-resource-name') as {
      scope: string;
      resourceDisplayName: string;
    }[];
    assert.deepEqual(
      grants.map(({ scope, resourceDisplayName }) => [scope, resourceDisplayName]),
      [['User.Read Mail.Read', 'Microsoft Graph']],
    );
  });

  it('az ad sp credential reset --append | list | delete, with a secret and with --create-cert', () => {
    const { appId } = run('ad', 'app', 'create', '--display-name', 'own credentials') as Shown;
    const { id } = run('ad', 'sp', 'create', '--id', appId) as Shown;
    const words = ['ad', 'sp', 'credential'];
    run(...words, 'reset', '--id', id);
    const { password, tenant } = run(...words, 'reset', '--id', id, '--append') as { password: string; tenant: string };
    const listed = run(...words, 'list', '--id', id) as Shown[];
    assert.equal(listed.length, 2);
    run(...words, 'delete', '--id', id, '--key-id', listed[0]?.keyId ?? '');
    assert.equal((run(...words, 'list', '--id', id) as Shown[]).length, 1);
    run(...words, 'reset', '--id', id, '--create-cert', '--append');
    const [first] = run(...words, 'list', '--id', id, '--cert') as Shown[];
    run(...words, 'reset', '--id', id, '--create-cert', '--append');
    assert.equal((run(...words, 'list', '--id', id, '--cert') as Shown[]).length, 2);
    run(...words, 'delete', '--id', id, '--key-id', first?.keyId ?? '', '--cert');
    assert.equal((run(...words, 'list', '--id', id, '--cert') as Shown[]).length, 1);
    const login = ['login', '--service-principal', '--username', appId, '--tenant', tenant];
    answerOf(configured()(...login, '--password', password, '--allow-no-subscriptions'));
  });

  it('az ad sp create-for-rbac, without a role, then again for the same name', () => {
    const words = ['ad', 'sp', 'create-for-rbac', '--name', 'again'];
    const first = run(...words) as { appId: string; password: string; tenant: string };
    const second = run(...words) as typeof first;
    assert.equal(second.appId, first.appId);
    const login = ['login', '--service-principal', '--username', first.appId, '--tenant', first.tenant];
    const end = ['--allow-no-subscriptions', '--password'];
    answerOf(configured()(...login, ...end, second.password));
    assert.match(configured()(...login, ...end, first.password).stderr, /AADSTS7000215/);
  });

  it('az rest, a role of an application: its value is in the tokens of who was given it', () => {
    const roles = [
      {
        allowedMemberTypes: ['Application'],
        displayName: 'Read orders',
        description: 'Read orders',
        value: 'Orders.Read',
      },
    ];
    const words = ['--identifier-uris', 'api://orders', '--app-roles', JSON.stringify(roles)];
    const api = run('ad', 'app', 'create', '--display-name', 'orders', ...words) as Shown;
    const resource = run('ad', 'sp', 'create', '--id', api.appId) as Shown & { appRoles: { id: string }[] };
    const made = run('ad', 'sp', 'create-for-rbac', '--name', 'reads orders') as {
      appId: string;
      password: string;
      tenant: string;
    };
    const { id } = run('ad', 'sp', 'show', '--id', made.appId) as Shown;
    const body = { principalId: id, resourceId: resource.id, appRoleId: resource.appRoles[0]?.id };
    const { origin } = postern.environment;
    const url = `${origin}/v1.0/servicePrincipals/${id}/appRoleAssignments`;
    run('rest', '--resource', `${origin}/`, '--method', 'post', '--url', url, '--body', JSON.stringify(body));
    const reader = configured();
    const login = ['login', '--service-principal', '--username', made.appId, '--tenant', made.tenant];
    answerOf(reader(...login, '--password', made.password, '--allow-no-subscriptions'));
    const token = answerOf(reader('account', 'get-access-token', '--scope', 'api://orders/.default')) as {
      accessToken: string;
    };
    const claims = JSON.parse(Buffer.from(token.accessToken.split('.')[1] ?? '', 'base64url').toString());
    assert.deepEqual(claims.roles, ['Orders.Read']);
  });

  it('az login --identity, in a nested group with a role: access comes and goes with the membership', () => {
    const { subscriptionId } = postern.environment;
    const scope = `/subscriptions/${subscriptionId}`;
    run('group', 'create', '-n', 'members', '-l', 'westeurope');
    const vm = `${scope}/resourceGroups/members/providers/Microsoft.Compute/virtualMachines/member`;
    const body = { location: 'westeurope', identity: { type: 'SystemAssigned' } };
    const put = ['rest', '--method', 'put', '--url', `${vm}?api-version=2024-11-01`, '--body', JSON.stringify(body)];
    const { identity } = run(...put) as { identity: { principalId: string } };
    run('vm', 'wait', '-g', 'members', '-n', 'member', '--created', '--interval', '1');
    const [outer, inner] = ['all-machines', 'some-machines'].map(
      (name) => run('ad', 'group', 'create', '--display-name', name, '--mail-nickname', name) as Shown,
    );
    run('ad', 'group', 'member', 'add', '--group', outer?.id ?? '', '--member-id', inner?.id ?? '');
    run('role', 'assignment', 'create', '--assignee', outer?.id ?? '', '--role', 'Reader', '--scope', scope);
    const inside = (...words: readonly string[]) =>
      postern.inside('member', ['env', 'AZURE_CORE_COLLECT_TELEMETRY=0', azProgram, ...words, '--output', 'json']);
    assert.match(inside('login', '--identity').stderr, /No access was configured for the managed identity/);
    run('ad', 'group', 'member', 'add', '--group', inner?.id ?? '', '--member-id', identity.principalId);
    const [account] = answerOf(inside('login', '--identity')) as Shown[];
    assert.equal(account?.id, subscriptionId);
    assert.ok((answerOf(inside('group', 'list')) as Shown[]).length > 0);
    run('ad', 'group', 'member', 'remove', '--group', inner?.id ?? '', '--member-id', identity.principalId);
    assert.match(inside('group', 'list').stderr, /AuthorizationFailed/);
    run('group', 'delete', '-n', 'members', '--yes');
  });

  it('az ad signed-in-user show, of a service principal: refused as Graph does', () => {
    assert.match(az('ad', 'signed-in-user', 'show').stderr, /only valid with delegated authentication flow/);
  });

  it('az rest, deleted items: list and restore', () => {
    const { id, appId } = run('ad', 'app', 'create', '--display-name', 'gone') as Shown;
    run('ad', 'app', 'delete', '--id', appId);
    const { origin } = postern.environment;
    const items = `${origin}/v1.0/directory/deletedItems`;
    const rest = ['rest', '--resource', `${origin}/`, '--method'];
    const listed = run(...rest, 'get', '--url', `${items}/microsoft.graph.application`) as { value: Shown[] };
    assert.ok(listed.value.some((one) => one.id === id));
    run(...rest, 'post', '--url', `${items}/${id}/restore`);
    assert.equal((run('ad', 'app', 'show', '--id', appId) as Shown).id, id);
  });
});
