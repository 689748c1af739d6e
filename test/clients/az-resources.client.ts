import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, type Resource, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const group = 'rg-resources';
const target = 'rg-target';

/** What the tests read of a resource. */
interface Shown extends Resource {
  readonly type: string;
  readonly kind?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly resourceGroup: string;
  readonly isolationScope?: string;
  readonly identity?: { readonly principalId: string };
}

let postern: RunningPostern;
let az: Az;
const configuration = mkdtempSync(join(tmpdir(), 'postern-az-'));

before(async () => {
  postern = await startPostern();
  az = azOf(postern, configuration);
  servicePrincipalLogin(az, postern.environment);
  answerOf(az('group', 'create', '-n', group, '-l', 'eastus'));
  answerOf(az('group', 'create', '-n', target, '-l', 'eastus'));
});
after(async () => {
  await postern?.stop();
  rmSync(configuration, { recursive: true, force: true });
});

const named = (name: string, type = 'Microsoft.Storage/storageAccounts') => [
  '-g',
  group,
  '-n',
  name,
  '--resource-type',
  type,
];
const shown = (...words: readonly string[]) => answerOf(az(...words)) as Shown;
const idOf = (name: string, type: string, inGroup = group) =>
  `/subscriptions/${postern.environment.subscriptionId}/resourceGroups/${inGroup}/providers/${type}/${name}`;
const storage = (name: string, inGroup = group) => idOf(name, 'Microsoft.Storage/storageAccounts', inGroup);

describe('az 2.91.0: resources of any type', () => {
  it('az resource create', () => {
    const made = shown('resource', 'create', ...named('data1'), '-l', 'eastus', '--properties', '{"accessTier":"Hot"}');
    assert.deepEqual(
      [made.id, made.location, made.properties.provisioningState],
      [storage('data1'), 'eastus', 'Succeeded'],
    );
    const whole = JSON.stringify({
      location: 'eastus',
      kind: 'web',
      identity: { type: 'SystemAssigned' },
      properties: {},
    });
    const site = shown(
      'resource',
      'create',
      ...named('web1', 'Microsoft.Web/sites'),
      '--is-full-object',
      '--properties',
      whole,
    );
    assert.equal(typeof site.identity?.principalId, 'string');
  });
  it('az resource create --parent', () => {
    const parent = ['--namespace', 'Microsoft.Storage', '--parent', 'storageAccounts/data1/blobServices/default'];
    const made = shown(
      'resource',
      'create',
      '-g',
      group,
      '-n',
      'c1',
      ...parent,
      '--resource-type',
      'containers',
      '--properties',
      '{}',
    );
    assert.equal(made.type, 'Microsoft.Storage/storageAccounts/blobServices/containers');
  });
  it('az resource show', () => {
    assert.equal(shown('resource', 'show', ...named('data1')).name, 'data1');
    assert.equal(shown('resource', 'show', '--ids', storage('data1')).id, storage('data1'));
    const missing = az('resource', 'show', ...named('nothing'));
    assert.deepEqual([missing.status, /ResourceNotFound/.test(missing.stderr)], [3, true]);
  });
  it('az resource update --set', () => {
    const updated = shown(
      'resource',
      'update',
      ...named('data1'),
      '--set',
      'kind=StorageV2',
      'properties.accessTier=Cool',
    );
    assert.deepEqual(
      [updated.kind, updated.properties],
      ['StorageV2', { accessTier: 'Cool', provisioningState: 'Succeeded' }],
    );
  });
  it('az resource patch', () => {
    const patched = shown('resource', 'patch', ...named('data1'), '--properties', '{"minimumTlsVersion":"TLS1_2"}');
    assert.deepEqual(patched.properties, {
      accessTier: 'Cool',
      minimumTlsVersion: 'TLS1_2',
      provisioningState: 'Succeeded',
    });
  });
  it('az resource tag', () => {
    assert.deepEqual(shown('resource', 'tag', ...named('data1'), '--tags', 'env=test').tags, { env: 'test' });
    const both = shown('resource', 'tag', '--ids', storage('data1'), '--tags', 'team=web', '--is-incremental');
    assert.deepEqual(both.tags, { env: 'test', team: 'web' });
  });
  it('az resource list', () => {
    const all = answerOf(az('resource', 'list', '-g', group)) as Shown[];
    assert.deepEqual(
      all.map(({ name }) => name),
      ['data1', 'web1'],
    );
    const tagged = answerOf(az('resource', 'list', '--tag', 'env=test')) as Shown[];
    assert.deepEqual(
      tagged.map(({ name }) => name),
      ['data1'],
    );
    const sites = answerOf(az('resource', 'list', '--resource-type', 'Microsoft.Web/sites')) as Shown[];
    assert.deepEqual(
      sites.map(({ name }) => name),
      ['web1'],
    );
  });
  it('az resource wait', () => {
    answerOf(az('resource', 'wait', '--exists', '--ids', storage('data1'), '--timeout', '30'));
  });
  it('az resource invoke-action', () => {
    const refused = az('resource', 'invoke-action', '--action', 'listKeys', ...named('data1'));
    assert.deepEqual([refused.status === 0, /kept as documents/.test(refused.stderr)], [false, true]);
  });
  it('az storage account list | show', () => {
    const listed = answerOf(az('storage', 'account', 'list', '-g', group)) as Shown[];
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['data1'],
    );
    assert.equal(shown('storage', 'account', 'show', '-g', group, '-n', 'data1').kind, 'StorageV2');
  });
  it('az rest', () => {
    const url = `${postern.environment.origin}${storage('data1')}?api-version=2023-01-01`;
    const told = shown('rest', '--method', 'get', '--url', url, '--resource', 'https://management.azure.com/');
    assert.equal(told.id, storage('data1'));
  });
  it('az role assignment create | list, at a storage account', () => {
    const scope = storage('data1');
    const site = shown('resource', 'show', ...named('web1', 'Microsoft.Web/sites'));
    const who = [
      '--assignee-object-id',
      site.identity?.principalId ?? '',
      '--assignee-principal-type',
      'ServicePrincipal',
    ];
    answerOf(az('role', 'assignment', 'create', ...who, '--role', 'Reader', '--scope', scope));
    const listed = answerOf(az('role', 'assignment', 'list', '--scope', scope)) as { scope: string }[];
    assert.deepEqual(
      listed.map((one) => one.scope),
      [scope],
    );
  });
  it('az resource move', () => {
    answerOf(az('resource', 'move', '--ids', storage('data1'), '--destination-group', target));
    assert.equal(az('resource', 'show', '--ids', storage('data1')).status, 3);
    assert.equal(shown('resource', 'show', '--ids', storage('data1', target)).resourceGroup, target);
    const listed = answerOf(az('role', 'assignment', 'list', '--scope', storage('data1', target)));
    assert.deepEqual(listed, []);
  });
  it('az resource delete', () => {
    answerOf(az('resource', 'delete', '--ids', storage('data1', target)));
    assert.deepEqual(answerOf(az('resource', 'list', '-g', target)), []);
  });
  it('az provider show | list', () => {
    const provider = answerOf(az('provider', 'show', '-n', 'Microsoft.KeyVault')) as {
      resourceTypes: { resourceType: string }[];
    };
    assert.ok(provider.resourceTypes.some(({ resourceType }) => resourceType === 'vaults'));
    assert.ok((answerOf(az('provider', 'list')) as unknown[]).length > 60);
  });
});

describe('az 2.91.0: tags', () => {
  const tagsOf = (answer: unknown) => (answer as { properties: { tags: unknown } }).properties.tags;
  const scope = () => idOf('web1', 'Microsoft.Web/sites');
  it('az tag create --resource-id', () => {
    const made = answerOf(az('tag', 'create', '--resource-id', scope(), '--tags', 'a=1', 'b=2'));
    assert.deepEqual(tagsOf(made), { a: '1', b: '2' });
  });
  it('az tag update --resource-id --operation merge | replace | delete', () => {
    const update = (operation: string, ...tags: readonly string[]) =>
      tagsOf(answerOf(az('tag', 'update', '--resource-id', scope(), '--operation', operation, '--tags', ...tags)));
    assert.deepEqual(update('merge', 'b=3', 'c=4'), { a: '1', b: '3', c: '4' });
    assert.deepEqual(update('delete', 'a=1', 'b=other'), { b: '3', c: '4' });
    assert.deepEqual(update('replace', 'd=5'), { d: '5' });
  });
  it('az tag list --resource-id', () => {
    assert.deepEqual(tagsOf(answerOf(az('tag', 'list', '--resource-id', scope()))), { d: '5' });
    assert.deepEqual(shown('resource', 'show', '--ids', scope()).tags, { d: '5' });
  });
  it('az tag create --resource-id, of a group and the subscription', () => {
    const [subscription, groupId] = [
      `/subscriptions/${postern.environment.subscriptionId}`,
      `/subscriptions/${postern.environment.subscriptionId}/resourceGroups/${group}`,
    ];
    for (const id of [subscription, groupId]) {
      assert.deepEqual(tagsOf(answerOf(az('tag', 'create', '--resource-id', id, '--tags', 'cost=42'))), { cost: '42' });
    }
    assert.deepEqual(shown('group', 'show', '-n', group).tags, { cost: '42' });
  });
  it('az tag delete --resource-id', () => {
    answerOf(az('tag', 'delete', '--resource-id', scope(), '--yes'));
    assert.deepEqual(tagsOf(answerOf(az('tag', 'list', '--resource-id', scope()))), {});
  });
  it('az tag create | add-value | list | remove-value | delete --name', () => {
    answerOf(az('tag', 'create', '--name', 'stage'));
    answerOf(az('tag', 'add-value', '--name', 'stage', '--value', 'blue'));
    const listed = answerOf(az('tag', 'list')) as {
      tagName: string;
      values: { tagValue: string }[];
      count: { value: number };
    }[];
    const stage = listed.find(({ tagName }) => tagName === 'stage');
    assert.deepEqual([stage?.values.map(({ tagValue }) => tagValue), stage?.count.value], [['blue'], 0]);
    assert.equal(listed.find(({ tagName }) => tagName === 'cost')?.count.value, 2);
    answerOf(az('tag', 'remove-value', '--name', 'stage', '--value', 'blue'));
    answerOf(az('tag', 'delete', '--name', 'stage', '--yes'));
  });
});

describe('az 2.91.0: user-assigned identities and who has them', () => {
  it('az identity create --isolation-scope', () => {
    const made = shown(
      'identity',
      'create',
      '-g',
      group,
      '-n',
      'shared',
      '-l',
      'eastus',
      '--isolation-scope',
      'Regional',
    );
    assert.equal(made.isolationScope, 'Regional');
  });
  it('az identity list-resources', () => {
    const id = idOf('shared', 'Microsoft.ManagedIdentity/userAssignedIdentities');
    const identity = { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } };
    const make = (name: string, location: string) =>
      az(
        'resource',
        'create',
        ...named(name, 'Microsoft.Web/sites'),
        '--is-full-object',
        '--properties',
        JSON.stringify({ location, identity, properties: {} }),
      );
    answerOf(make('web2', 'eastus'));
    answerOf(make('web3', 'eastus'));
    assert.match(make('web4', 'westus').stderr, /isolation scope/);
    const list = (...words: readonly string[]) =>
      (answerOf(az('identity', 'list-resources', '-g', group, '-n', 'shared', ...words)) as Shown[]).map(
        ({ name }) => name,
      );
    assert.deepEqual(list(), ['web2', 'web3']);
  });
  it('az resource move, of an identity', () => {
    const id = idOf('shared', 'Microsoft.ManagedIdentity/userAssignedIdentities');
    assert.match(az('resource', 'move', '--ids', id, '--destination-group', target).stderr, /ResourceMoveNotSupported/);
  });
  it('az identity delete, while in use', () => {
    answerOf(az('identity', 'delete', '-g', group, '-n', 'shared'));
    assert.equal(shown('resource', 'show', ...named('web2', 'Microsoft.Web/sites')).name, 'web2');
  });
});
