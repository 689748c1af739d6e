import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, principalOf, type Resource, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const group = 'rg-stacks';

/** What the tests read of a stack. */
interface Stack {
  readonly id: string;
  readonly name: string;
  readonly provisioningState: string;
  readonly denySettings: { readonly mode: string };
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly parameters: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly resources: readonly { readonly id: string; readonly status: string; readonly denyStatus: string }[];
  readonly deletedResources: readonly { readonly id: string }[];
  readonly detachedResources: readonly { readonly id: string }[];
}

/** What the tests read of a deny assignment. */
interface Denial {
  readonly id: string;
  readonly denyAssignmentName: string;
  readonly scope: string;
  readonly isSystemProtected: boolean;
  readonly doNotApplyToChildScopes: boolean;
  readonly permissions: readonly { readonly actions: readonly string[]; readonly notActions: readonly string[] }[];
  readonly principals: readonly { readonly id: string; readonly type: string }[];
  readonly excludePrincipals: readonly { readonly id: string }[];
}

let postern: RunningPostern;
let az: Az;
let scope: string;
const configuration = mkdtempSync(join(tmpdir(), 'postern-az-'));

before(async () => {
  postern = await startPostern();
  az = azOf(postern, configuration);
  servicePrincipalLogin(az, postern.environment);
  answerOf(az('group', 'create', '-n', group, '-l', 'westeurope'));
  scope = `/subscriptions/${postern.environment.subscriptionId}/resourceGroups/${group}`;
});
after(async () => {
  await postern?.stop();
  rmSync(configuration, { recursive: true, force: true });
});

const storage = (name: string) => ({
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: '2023-01-01',
  name,
  location: 'westeurope',
});
const idOf = (name: string) => `${scope}/providers/Microsoft.Storage/storageAccounts/${name}`;

/** `az resource delete` keeps why it was refused to itself. */
const remove = (name: string) => az('rest', '--method', 'delete', '--url', `${idOf(name)}?api-version=2023-01-01`);

/** A file that az reads as a template. */
function fileOf(name: string, parts: Readonly<Record<string, unknown>>): string {
  const file = join(configuration, `${name}.json`);
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  writeFileSync(file, JSON.stringify({ $schema, contentVersion: '1.0.0.0', resources: [], ...parts }));
  return file;
}

const stack = (verb: string, name: string, ...words: readonly string[]) =>
  az('stack', 'group', verb, '-g', group, '-n', name, ...words);
const create = (name: string, resources: readonly unknown[], ...words: readonly string[]) =>
  stack('create', name, '--template-file', fileOf(name, { resources }), '--yes', ...words);
const denials = () => answerOf(az('role', 'deny-assignment', 'list', '--scope', scope)) as readonly Denial[];
const namesIn = () => (answerOf(az('resource', 'list', '-g', group)) as Resource[]).map(({ name }) => name).toSorted();

describe('az 2.91.0: stacks of a resource group', () => {
  it('az stack group create --deny-settings-mode denyDelete, show, list, export', () => {
    const parameters = { prefix: { type: 'string' }, key: { type: 'securestring' } };
    const file = fileOf('locked', {
      parameters,
      resources: [storage("[concat(parameters('prefix'), '1')]"), storage("[concat(parameters('prefix'), '2')]")],
      outputs: { prefix: { type: 'string', value: "[parameters('prefix')]" } },
    });
    const settings = ['--deny-settings-mode', 'denyDelete', '--action-on-unmanage', 'deleteResources'];
    const given = ['--parameters', 'prefix=kept', 'key=hush-hush-7'];
    const made = answerOf(stack('create', 'locked', '--template-file', file, ...settings, ...given, '--yes')) as Stack;
    assert.equal(made.provisioningState, 'succeeded');
    assert.deepEqual(
      made.resources.map(({ id, status, denyStatus }) => [id, status, denyStatus]),
      [
        [idOf('kept1'), 'managed', 'denyDelete'],
        [idOf('kept2'), 'managed', 'denyDelete'],
      ],
    );
    const shown = stack('show', 'locked');
    assert.equal((answerOf(shown) as Stack).outputs['prefix']?.value, 'kept');
    assert.ok(!shown.stdout.includes('hush-hush-7'), 'a secure parameter is not shown');
    const listed = answerOf(az('stack', 'group', 'list', '-g', group)) as Stack[];
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['locked'],
    );
    const exported = answerOf(stack('export', 'locked')) as { readonly template: { readonly parameters: object } };
    assert.deepEqual(Object.keys(exported.template.parameters).toSorted(), ['key', 'prefix']);
  });

  it('az role deny-assignment list, show: what the stack denies', () => {
    const value = denials();
    assert.deepEqual(value.map(({ scope: at }) => at).toSorted(), [idOf('kept1'), idOf('kept2')]);
    const [first] = value;
    assert.match(first?.denyAssignmentName ?? '', /^Deny assignment '[0-9a-f-]{36}' created by Deployment Stack '/);
    assert.equal(first?.isSystemProtected, true);
    const shown = answerOf(az('role', 'deny-assignment', 'show', '--id', first?.id ?? '')) as Denial;
    assert.equal(shown.scope, first?.scope);
    assert.deepEqual(first?.permissions[0]?.actions, ['*/delete']);
    assert.deepEqual(
      first?.principals.map(({ id, type }) => [id, type]),
      [['00000000-0000-0000-0000-000000000000', 'SystemDefined']],
    );
  });

  it('az rest --method delete (refused by the deny assignment), tag (let through)', () => {
    const denied = remove('kept1');
    assert.notEqual(denied.status, 0);
    assert.match(denied.stderr, /DenyAssignmentAuthorizationFailed/);
    assert.match(denied.stderr, /created by Deployment Stack/);
    answerOf(az('resource', 'tag', '--ids', idOf('kept1'), '--tags', 'a=b'));
  });

  it('az stack group create again: what left the template is deleted through the stack’s own denials', () => {
    const settings = ['--deny-settings-mode', 'denyWriteAndDelete', '--action-on-unmanage', 'deleteResources'];
    const made = answerOf(create('locked', [storage('kept1')], ...settings)) as Stack;
    assert.deepEqual(
      made.deletedResources.map(({ id }) => id),
      [idOf('kept2')],
    );
    assert.deepEqual(namesIn(), ['kept1']);
    const denied = az('resource', 'tag', '--ids', idOf('kept1'), '--tags', 'a=c');
    assert.match(denied.stderr, /DenyAssignmentAuthorizationFailed/);
    const again = answerOf(create('locked', [{ ...storage('kept1'), tags: { by: 'stack' } }], ...settings)) as Stack;
    assert.equal(again.provisioningState, 'succeeded');
  });

  it('az stack group create --deny-settings-excluded-principals --deny-settings-excluded-actions --deny-settings-apply-to-child-scopes', () => {
    const me = principalOf(az);
    const excluded = ['--deny-settings-excluded-principals', me];
    const actions = ['--deny-settings-excluded-actions', 'Microsoft.Storage/storageAccounts/listKeys/action'];
    const settings = ['--deny-settings-mode', 'denyWriteAndDelete', '--action-on-unmanage', 'detachAll'];
    answerOf(
      create(
        'locked',
        [storage('kept1')],
        ...settings,
        ...excluded,
        ...actions,
        '--deny-settings-apply-to-child-scopes',
      ),
    );
    const [only] = denials();
    assert.equal(only?.doNotApplyToChildScopes, false);
    assert.deepEqual(
      only?.excludePrincipals.map(({ id }) => id),
      [me],
    );
    assert.ok(only?.permissions[0]?.notActions.includes(actions[1] ?? ''));
    answerOf(az('resource', 'tag', '--ids', idOf('kept1'), '--tags', 'a=d'));
  });

  it('az stack group validate, also refused', () => {
    const settings = ['--deny-settings-mode', 'none', '--action-on-unmanage', 'detachAll'];
    const file = fileOf('never', { resources: [storage('never')] });
    const told = answerOf(stack('validate', 'never', '--template-file', file, ...settings)) as {
      readonly properties: { readonly validatedResources: readonly { readonly id: string }[] };
    };
    assert.deepEqual(
      told.properties.validatedResources.map(({ id }) => id),
      [idOf('never')],
    );
    const circle = fileOf('circle', {
      resources: [
        { ...storage('a'), dependsOn: ['b'] },
        { ...storage('b'), dependsOn: ['a'] },
      ],
    });
    const refused = stack('validate', 'never', '--template-file', circle, ...settings);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /Circular dependency/);
    assert.deepEqual(namesIn(), ['kept1']);
  });

  it('az stack group create (a resource that fails)', () => {
    const settings = ['--deny-settings-mode', 'none', '--action-on-unmanage', 'detachAll'];
    const failed = create('failing', [{ ...storage('x'), location: 'atlantis' }], ...settings);
    assert.notEqual(failed.status, 0);
    assert.match(failed.stderr, /DeploymentStackDeploymentFailed/);
    assert.match(failed.stderr, /LocationNotAvailableForResourceType/);
    assert.equal((answerOf(stack('show', 'failing')) as Stack).provisioningState, 'failed');
  });

  it('az stack group delete --action-on-unmanage detachAll, deleteAll', () => {
    answerOf(stack('delete', 'locked', '--action-on-unmanage', 'detachAll', '--yes'));
    assert.deepEqual(denials(), []);
    assert.deepEqual(namesIn(), ['kept1']);
    const settings = ['--deny-settings-mode', 'denyDelete', '--action-on-unmanage', 'deleteAll'];
    answerOf(create('whole', [storage('kept1')], ...settings));
    answerOf(stack('delete', 'whole', '--action-on-unmanage', 'deleteAll', '--yes'));
    assert.deepEqual(namesIn(), []);
    assert.notEqual(stack('show', 'whole').status, 0);
  });
});

describe('az 2.91.0: stacks of a subscription', () => {
  const settings = ['--deny-settings-mode', 'denyDelete', '--action-on-unmanage', 'deleteAll', '--yes'];

  it('az stack sub create, show, list, export, validate, delete: a group that is managed', () => {
    const resources = [
      {
        type: 'Microsoft.Resources/resourceGroups',
        apiVersion: '2022-09-01',
        name: 'rg-managed',
        location: 'westeurope',
      },
    ];
    const file = fileOf('sub', { resources });
    const on = ['-n', 'sub'];
    const location = ['-l', 'westeurope'];
    const made = answerOf(
      az('stack', 'sub', 'create', ...on, ...location, '--template-file', file, ...settings),
    ) as Stack;
    assert.deepEqual(
      made.resources.map(({ denyStatus }) => denyStatus),
      ['denyDelete'],
    );
    const denied = az('group', 'delete', '-n', 'rg-managed', '--yes');
    assert.match(denied.stderr, /DenyAssignmentAuthorizationFailed/);
    assert.equal((answerOf(az('stack', 'sub', 'show', ...on)) as Stack).name, 'sub');
    assert.equal((answerOf(az('stack', 'sub', 'list')) as Stack[]).length, 1);
    answerOf(az('stack', 'sub', 'export', ...on));
    answerOf(az('stack', 'sub', 'validate', ...on, ...location, '--template-file', file, ...settings.slice(0, 4)));
    answerOf(az('stack', 'sub', 'delete', ...on, '--action-on-unmanage', 'deleteAll', '--yes'));
    assert.equal(answerOf(az('group', 'exists', '-n', 'rg-managed')), false);
  });

  it('az stack sub create --deployment-resource-group', () => {
    const file = fileOf('below', { resources: [storage('below')] });
    const words = ['-n', 'below', '-l', 'westeurope', '--deployment-resource-group', group, '--template-file', file];
    const made = answerOf(az('stack', 'sub', 'create', ...words, ...settings)) as Stack;
    assert.deepEqual(
      made.resources.map(({ id }) => id),
      [idOf('below')],
    );
    assert.match(remove('below').stderr, /DenyAssignmentAuthorizationFailed/);
    answerOf(az('stack', 'sub', 'delete', '-n', 'below', '--action-on-unmanage', 'deleteAll', '--yes'));
  });
});

describe('az 2.91.0: stacks of a management group', () => {
  it('az stack mg create --deployment-subscription, show, list, delete', () => {
    answerOf(az('account', 'management-group', 'create', '-n', 'mg-stacks'));
    const file = fileOf('above', {
      resources: [
        {
          type: 'Microsoft.Resources/resourceGroups',
          apiVersion: '2022-09-01',
          name: 'rg-above',
          location: 'westeurope',
        },
      ],
    });
    const on = ['-n', 'above', '--management-group-id', 'mg-stacks'];
    const where = ['-l', 'westeurope', '--deployment-subscription', postern.environment.subscriptionId];
    const settings = ['--deny-settings-mode', 'denyDelete', '--action-on-unmanage', 'deleteAll', '--yes'];
    const made = answerOf(az('stack', 'mg', 'create', ...on, ...where, '--template-file', file, ...settings)) as Stack;
    assert.deepEqual(
      made.resources.map(({ denyStatus }) => denyStatus),
      ['denyDelete'],
    );
    assert.match(az('group', 'delete', '-n', 'rg-above', '--yes').stderr, /DenyAssignmentAuthorizationFailed/);
    assert.equal((answerOf(az('stack', 'mg', 'show', ...on)) as Stack).provisioningState, 'succeeded');
    assert.equal((answerOf(az('stack', 'mg', 'list', ...on.slice(2))) as Stack[]).length, 1);
    answerOf(az('stack', 'mg', 'delete', ...on, '--action-on-unmanage', 'deleteAll', '--yes'));
    assert.equal(answerOf(az('group', 'exists', '-n', 'rg-above')), false);
  });
});
