import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, type Resource, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const group = 'rg-governed';
let postern: RunningPostern;
let az: Az;
let subscription: string;
let identity: Resource;
const configuration = mkdtempSync(join(tmpdir(), 'postern-az-'));

before(async () => {
  postern = await startPostern();
  az = azOf(postern, configuration);
  servicePrincipalLogin(az, postern.environment);
  subscription = `/subscriptions/${postern.environment.subscriptionId}`;
  answerOf(az('group', 'create', '-n', group, '-l', 'eastus'));
  identity = answerOf(az('identity', 'create', '-g', group, '-n', 'walker')) as Resource;
});
after(async () => {
  await postern?.stop();
  rmSync(configuration, { recursive: true, force: true });
});

type Told = Readonly<Record<string, unknown>>;
const told = (...words: readonly string[]) => answerOf(az(...words)) as Told;
const list = (...words: readonly string[]) => answerOf(az(...words)) as readonly Told[];
const idOf = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;
const management = (...words: readonly string[]) => ['account', 'management-group', ...words];
const refused = (pattern: RegExp, ...words: readonly string[]) => {
  const result = az(...words);
  assert.notEqual(result.status, 0, `az ${words.join(' ')} succeeded: ${result.stdout}`);
  assert.match(`${result.stderr}${result.stdout}`, pattern);
};
/** Whether the identity may read machines in the subscription, as the operator is told. */
const walkerReads = () =>
  postern.postern(
    ...['access', 'why', '--principal', identity.principalId, '--action', 'Microsoft.Compute/virtualMachines/read'],
    ...['--scope', subscription, '--json'],
  ).status === 0;

describe('az 2.91.0: account management-group', () => {
  it('az account management-group create', () => {
    const made = told(...management('create', '--name', 'mg1', '--display-name', 'One', '--no-register'));
    assert.deepEqual([made['id'], made['displayName']], [idOf('mg1'), 'One']);
    const below = told(...management('create', '--name', 'mg2', '--parent', 'mg1', '--no-register'));
    assert.equal((below['details'] as { parent: { name: string } }).parent.name, 'mg1');
  });
  it('az account management-group show --expand --recurse', () => {
    const shown = told(...management('show', '--name', 'mg1', '--expand', '--recurse', '--no-register'));
    assert.deepEqual(
      (shown['children'] as { name: string }[]).map(({ name }) => name),
      ['mg2'],
    );
  });
  it('az account management-group list', () => {
    const names = list(...management('list', '--no-register')).map(({ name }) => name);
    assert.deepEqual(names, ['mg1', 'mg2']);
  });
  it('az account management-group update', () => {
    const updated = told(...management('update', '--name', 'mg2', '--display-name', 'Two'));
    assert.equal(updated['displayName'], 'Two');
    refused(/cycle/, ...management('update', '--name', 'mg1', '--parent', 'mg2'));
  });
  it('az account management-group subscription add|show|show-sub-under-mg', () => {
    const id = postern.environment.subscriptionId;
    const added = told(...management('subscription', 'add', '--name', 'mg2', '--subscription', id));
    assert.equal(added['id'], `${idOf('mg2')}/subscriptions/${id}`);
    const shown = told(...management('subscription', 'show', '--name', 'mg2', '--subscription', id));
    assert.equal(shown['state'], 'Active');
    const under = list(...management('subscription', 'show-sub-under-mg', '--name', 'mg2'));
    assert.deepEqual(
      under.map(({ name }) => name),
      [id],
    );
    refused(/has children/, ...management('delete', '--name', 'mg2', '--no-register'));
  });
  it('az role assignment create|list --scope /providers/Microsoft.Management/managementGroups/…', () => {
    assert.equal(walkerReads(), false);
    const assignee = ['--assignee-object-id', identity.principalId, '--assignee-principal-type', 'ServicePrincipal'];
    told('role', 'assignment', 'create', ...assignee, '--role', 'Reader', '--scope', idOf('mg1'));
    assert.equal(walkerReads(), true, 'inherited from the group above');
    const here = list('role', 'assignment', 'list', '--scope', idOf('mg1'));
    assert.ok(here.some(({ principalId }) => principalId === identity.principalId));
    const inherited = list('role', 'assignment', 'list', '--scope', subscription, '--include-inherited');
    assert.ok(
      inherited.some(({ scope, principalId }) => scope === idOf('mg1') && principalId === identity.principalId),
    );
  });
  it('az account management-group subscription remove', () => {
    const id = postern.environment.subscriptionId;
    answerOf(az(...management('subscription', 'remove', '--name', 'mg2', '--subscription', id)));
    assert.equal(walkerReads(), false, 'what was inherited is gone at once');
    assert.deepEqual(list(...management('subscription', 'show-sub-under-mg', '--name', 'mg2')), []);
  });
  it('az account management-group entities list', () => {
    const names = list(...management('entities', 'list')).map(({ name }) => name);
    assert.ok(['mg1', 'mg2', postern.environment.subscriptionId].every((name) => names.includes(name)));
  });
  it('az account management-group check-name-availability', () => {
    assert.equal(told(...management('check-name-availability', '--name', 'mg1'))['nameAvailable'], false);
    assert.equal(told(...management('check-name-availability', '--name', 'free'))['nameAvailable'], true);
  });
  it('az account management-group tenant-backfill get|start', () => {
    assert.equal(told(...management('tenant-backfill', 'get'))['status'], 'Completed');
    assert.equal(told(...management('tenant-backfill', 'start'))['status'], 'Completed');
  });
  it('az account management-group hierarchy-settings create (as who may not)', () => {
    const root = postern.environment.tenantId;
    refused(/AuthorizationFailed/, ...management('hierarchy-settings', 'create', '--name', root, '-r', 'true'));
  });
  it('az account management-group delete', () => {
    refused(/has children/, ...management('delete', '--name', 'mg1', '--no-register'));
    answerOf(az(...management('delete', '--name', 'mg2', '--no-register')));
    answerOf(az(...management('delete', '--name', 'mg1', '--no-register')));
    assert.deepEqual(list(...management('list', '--no-register')), []);
  });
});

describe('az 2.91.0: lock', () => {
  const vault = 'kv-locked';
  const resource = ['-g', group, '--resource-type', 'Microsoft.KeyVault/vaults'];
  it('az lock create (subscription, group, resource)', () => {
    told('resource', 'create', ...resource, '-n', vault, '-l', 'eastus', '--properties', '{}');
    const made = [
      told('lock', 'create', '-n', 'all', '--lock-type', 'CanNotDelete', '--notes', 'keep'),
      told('lock', 'create', '-n', 'group', '--lock-type', 'CanNotDelete', '-g', group),
      told('lock', 'create', '-n', 'vault', '--lock-type', 'ReadOnly', ...resource, '--resource-name', vault),
    ];
    assert.deepEqual(
      made.map(({ level }) => level),
      ['CanNotDelete', 'CanNotDelete', 'ReadOnly'],
    );
    assert.equal(made[0]?.['notes'], 'keep');
  });
  it('az lock list|show', () => {
    assert.deepEqual(
      list('lock', 'list')
        .map(({ name }) => name)
        .toSorted(),
      ['all', 'group', 'vault'],
    );
    const above = list('lock', 'list', '-g', group, '--filter-string', 'atScope()');
    assert.deepEqual(above.map(({ name }) => name).toSorted(), ['all', 'group']);
    assert.equal(told('lock', 'show', '-n', 'group', '-g', group)['level'], 'CanNotDelete');
    const shown = told('lock', 'show', '-n', 'vault', ...resource, '--resource-name', vault);
    assert.equal(shown['level'], 'ReadOnly');
  });
  it('what the locks refuse: group delete, resource delete, resource tag, role assignment create', () => {
    refused(/ScopeLocked/, 'group', 'delete', '-n', group, '--yes');
    refused(/failed to be deleted/, 'resource', 'delete', ...resource, '-n', vault);
    refused(/ScopeLocked/, 'resource', 'tag', ...resource, '-n', vault, '--tags', 'a=b');
    const scope = `${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${vault}`;
    const assignee = ['--assignee-object-id', identity.principalId, '--assignee-principal-type', 'ServicePrincipal'];
    refused(/ScopeLocked/, 'role', 'assignment', 'create', ...assignee, '--role', 'Reader', '--scope', scope);
    assert.equal(
      told('group', 'update', '-n', group, '--tags', 'a=b')['name'],
      group,
      'CanNotDelete lets it be changed',
    );
  });
  it('az monitor activity-log list shows the refusal', () => {
    const events = list('monitor', 'activity-log', 'list', '-g', group, '--status', 'Failed');
    assert.ok(events.some((event) => JSON.stringify(event).includes('ScopeLocked')));
  });
  it('az lock update', () => {
    const updated = told('lock', 'update', '-n', 'group', '-g', group, '--lock-type', 'ReadOnly', '--notes', 'now');
    assert.deepEqual([updated['level'], updated['notes']], ['ReadOnly', 'now']);
    refused(/ScopeLocked/, 'group', 'update', '-n', group, '--tags', 'c=d');
    refused(/ScopeLocked/, 'identity', 'create', '-g', group, '-n', 'another');
  });
  it('az lock delete', () => {
    answerOf(az('lock', 'delete', '-n', 'vault', ...resource, '--resource-name', vault));
    answerOf(az('lock', 'delete', '-n', 'group', '-g', group));
    refused(/failed to be deleted/, 'resource', 'delete', ...resource, '-n', vault);
    answerOf(az('lock', 'delete', '-n', 'all'));
    answerOf(az('resource', 'delete', ...resource, '-n', vault));
    assert.deepEqual(list('lock', 'list'), []);
  });
});

describe('az 2.91.0: provider', () => {
  const namespace = ['--namespace', 'Microsoft.Batch'];
  const state = () => told('provider', 'show', ...namespace)['registrationState'];
  it('az provider list|show', () => {
    assert.ok(list('provider', 'list').some((one) => one['namespace'] === 'Microsoft.Management'));
    assert.equal(told('provider', 'show', '--namespace', 'Microsoft.Compute')['registrationState'], 'Registered');
  });
  it('az provider permission list', () => {
    assert.deepEqual(told('provider', 'permission', 'list', '--namespace', 'Microsoft.Compute')['value'], []);
    refused(/InvalidResourceNamespace/, 'provider', 'permission', 'list', '--namespace', 'Contoso.None');
  });
  it('az provider unregister --wait', () => {
    answerOf(az('provider', 'unregister', ...namespace, '--wait'));
    assert.equal(state(), 'Unregistered');
    const create = ['resource', 'create', '-g', group, '-n', 'b1', '--resource-type', 'Microsoft.Batch/batchAccounts'];
    refused(/MissingSubscriptionRegistration/, ...create, '-l', 'eastus', '--properties', '{}');
    refused(/cannot be unregistered/, 'provider', 'unregister', '--namespace', 'Microsoft.ManagedIdentity');
  });
  it('az provider register --wait|--management-group-id', () => {
    answerOf(az('provider', 'register', ...namespace, '--consent-to-permissions', '--wait'));
    assert.equal(state(), 'Registered');
    answerOf(az(...management('create', '--name', 'mg3')));
    answerOf(az('provider', 'register', ...namespace, '--management-group-id', 'mg3'));
  });
});

describe('az 2.91.0: subscriptions', () => {
  const version = 'api-version=2021-10-01';
  const rest = (method: string, path: string, body?: unknown) =>
    told(
      'rest',
      '--method',
      method,
      '--url',
      `${path}?${version}`,
      ...(body === undefined ? [] : ['--body', JSON.stringify(body)]),
    );
  const alias = '/providers/Microsoft.Subscription/aliases/second';
  let second: string;
  it('az rest: PUT and GET of an alias', () => {
    rest('put', alias, {
      properties: { displayName: 'Second', workload: 'Production', billingScope: '/billingAccounts/none' },
    });
    const properties = rest('get', alias)['properties'] as { provisioningState: string; subscriptionId: string };
    assert.equal(properties.provisioningState, 'Succeeded');
    second = properties.subscriptionId;
  });
  it('az account list --refresh|show|set', () => {
    const accounts = list('account', 'list', '--refresh');
    assert.deepEqual(accounts.map(({ name }) => name).toSorted(), ['Postern', 'Second']);
    answerOf(az('account', 'set', '--subscription', 'Second'));
    assert.equal(told('account', 'show')['id'], second);
    assert.equal(told('group', 'create', '-n', 'rg-second', '-l', 'eastus')['name'], 'rg-second');
    assert.ok(list('account', 'list-locations').length > 20);
  });
  it('az rest: rename, cancel, enable', () => {
    const path = (verb: string) => `/subscriptions/${second}/providers/Microsoft.Subscription/${verb}`;
    rest('post', path('rename'), { subscriptionName: 'Renamed' });
    assert.ok(list('account', 'list', '--refresh').some(({ name }) => name === 'Renamed'));
    rest('post', path('cancel'));
    refused(
      /ReadOnlyDisabledSubscription/,
      'group',
      'create',
      '-n',
      'rg-third',
      '-l',
      'eastus',
      '--subscription',
      second,
    );
    assert.equal(told('group', 'show', '-n', 'rg-second', '--subscription', second)['name'], 'rg-second');
    rest('post', path('enable'));
    assert.equal(
      told('group', 'create', '-n', 'rg-third', '-l', 'eastus', '--subscription', second)['name'],
      'rg-third',
    );
  });
});
