import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, servicePrincipalLogin } from './az-commands.ts';
import { azProgram, pythonFolder } from './az-installation.ts';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

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
    const env = {
      ...process.env,
      HOME: folder,
      AZURE_CONFIG_DIR: folder,
      AZURE_CORE_COLLECT_TELEMETRY: '0',
      AZURE_CORE_ONLY_SHOW_ERRORS: '1',
      REQUESTS_CA_BUNDLE: postern.environment.caBundle,
    };
    const run: Az = (...words) => runProgram(azProgram, [...words, '--output', 'json'], '', env);
    const file = join(folder, 'postern.json');
    writeFileSync(file, postern.postern('az-cloud').stdout);
    answerOf(run('cloud', 'register', '--name', 'Postern', '--cloud-config', `@${file}`));
    answerOf(run('cloud', 'set', '--name', 'Postern'));
    return run;
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
