import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, principalOf, type Resource, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const group = 'rg-deploy';

/** What the tests read of a machine that az has made. */
interface Created {
  readonly id: string;
  readonly powerState: string;
  readonly identity?: {
    readonly systemAssignedIdentity: string;
    readonly userAssignedIdentities: Readonly<Record<string, unknown>>;
    readonly role?: string;
  };
}

/** What the tests read of a deployment. */
interface Deployed {
  readonly name: string;
  readonly properties: {
    readonly provisioningState: string;
    readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
    readonly outputResources: readonly { readonly id: string }[];
    readonly parameters: Readonly<Record<string, { readonly type: string; readonly value?: unknown }>>;
  };
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

/** A file that az reads as a template, with the comments that people write. */
function fileOf(name: string, parts: Readonly<Record<string, unknown>>): string {
  const template = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [],
    ...parts,
  };
  const file = join(configuration, `${name}.json`);
  writeFileSync(file, `// made for a test\n${JSON.stringify(template, undefined, 2)}\n`);
  return file;
}

const storage = (name: string, more = {}) => ({
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: '2023-01-01',
  name,
  location: 'westeurope',
  ...more,
});

const deploy = (name: string, file: string, ...words: readonly string[]) => deployAs(az, name, file, ...words);
const deployAs = (own: Az, name: string, file: string, ...words: readonly string[]) =>
  own('deployment', 'group', 'create', '-g', group, '-n', name, '--template-file', file, ...words);
const namesIn = () =>
  (answerOf(az('resource', 'list', '-g', group, '--resource-type', 'Microsoft.Storage/storageAccounts')) as Resource[])
    .map(({ name }) => name)
    .toSorted();

describe('az 2.91.0: machines by az vm create', () => {
  const vm = (name: string, ...words: readonly string[]) =>
    az('vm', 'create', '-g', group, '-n', name, '--image', 'Ubuntu2204', ...words);

  it('az vm create --generate-ssh-keys', () => {
    const made = answerOf(vm('web-1', '--generate-ssh-keys')) as Created;
    assert.equal(made.powerState, 'VM running');
    assert.equal(postern.inside('web-1', ['hostname']).stdout.trim(), 'web-1');
    const [network] = answerOf(az('network', 'vnet', 'list', '-g', group)) as { subnets: { id: string }[] }[];
    assert.match(network?.subnets[0]?.id ?? '', /virtualNetworks\/web-1VNET\/subnets\/web-1Subnet$/);
  });

  it('az vm create --assign-identity [system] --role --scope', () => {
    const words = ['--assign-identity', '[system]', '--role', 'Reader', '--scope', scope];
    const made = answerOf(vm('web-2', '--generate-ssh-keys', ...words)) as Created;
    assert.equal(made.identity?.role, 'Reader');
    const principal = made.identity?.systemAssignedIdentity ?? '';
    const [assigned] = answerOf(az('role', 'assignment', 'list', '--assignee', principal, '--scope', scope)) as {
      roleDefinitionName: string;
    }[];
    assert.equal(assigned?.roleDefinitionName, 'Reader');
  });

  it('az vm create --assign-identity [system] NAME --enable-proxy-agent --imds-mode --imds-access-control-profile-reference-id', () => {
    const shared = answerOf(az('identity', 'create', '-g', group, '-n', 'shared')) as Resource;
    answerOf(az('sig', 'create', '-g', group, '-r', 'gal'));
    const profile = ['-g', group, '--gallery-name', 'gal'];
    const kind = ['--os-type', 'Linux', '--applicable-host-endpoint', 'IMDS', '-l', 'westeurope'];
    answerOf(az('sig', 'in-vm-access-control-profile', 'create', ...profile, '--name', 'web', ...kind));
    const version = answerOf(
      az(
        'sig',
        'in-vm-access-control-profile-version',
        'create',
        ...profile,
        '--profile-name',
        'web',
        '--profile-version',
        '1.0.0',
        '--default-access',
        'Deny',
        '--mode',
        'Enforce',
        '-l',
        'westeurope',
      ),
    ) as Resource;
    const guarded = ['--enable-proxy-agent', 'true', '--imds-access-control-profile-reference-id', version.id];
    const made = answerOf(
      vm('web-3', '--generate-ssh-keys', '--assign-identity', '[system]', 'shared', ...guarded),
    ) as Created;
    assert.deepEqual(Object.keys(made.identity?.userAssignedIdentities ?? {}), [shared.id]);
    const asked = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Metadata: true'];
    const url = 'http://169.254.169.254/metadata/instance?api-version=2021-02-01';
    assert.equal(postern.inside('web-3', [...asked, url]).stdout, '403', 'denied by its profile');
    assert.equal(postern.inside('web-2', [...asked, url]).stdout, '200', 'a machine without one');
    const audited = answerOf(
      vm('web-4', '--generate-ssh-keys', '--enable-proxy-agent', 'true', '--imds-mode', 'Audit'),
    ) as Created;
    assert.equal(audited.powerState, 'VM running');
  });

  it('az vm create --admin-password: kept nowhere', () => {
    const password = 'Correct-Horse-7!';
    answerOf(vm('web-5', '--admin-username', 'bob', '--admin-password', password, '--authentication-type', 'password'));
    const [deployment] = answerOf(az('deployment', 'group', 'list', '-g', group)) as Deployed[];
    assert.deepEqual(deployment?.properties.parameters, { adminPassword: { type: 'SecureString' } });
    assert.ok(!JSON.stringify(answerOf(az('monitor', 'activity-log', 'list', '-g', group))).includes(password));
  });

  it('az vm create --count, --public-ip-address-dns-name, --validate', () => {
    const many = answerOf(vm('many', '--generate-ssh-keys', '--count', '2')) as Created[];
    assert.deepEqual(
      many.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)),
      ['many0', 'many1'],
    );
    const named = answerOf(vm('named', '--generate-ssh-keys', '--public-ip-address-dns-name', 'here')) as {
      fqdns: string;
    };
    assert.equal(named.fqdns, 'here.westeurope.cloudapp.azure.com');
    answerOf(vm('never', '--generate-ssh-keys', '--validate'));
    assert.notEqual(az('vm', 'show', '-g', group, '-n', 'never').status, 0);
  });

  it('az vmss create --assign-identity [system]', () => {
    const set = ['--instance-count', '2', '--orchestration-mode', 'Uniform', '--generate-ssh-keys'];
    const words = ['-g', group, '-n', 'set', '--image', 'Ubuntu2204', ...set, '--assign-identity', '[system]'];
    const { vmss } = answerOf(az('vmss', 'create', ...words)) as { vmss: Created };
    assert.match(vmss.identity?.systemAssignedIdentity ?? '', /^[0-9a-f-]{36}$/);
    assert.equal((answerOf(az('vmss', 'list-instances', '-g', group, '-n', 'set')) as unknown[]).length, 2);
  });
});

describe('az 2.91.0: deployments', () => {
  const parameters = {
    prefix: { type: 'string' },
    count: { type: 'int', defaultValue: 1 },
    key: { type: 'securestring', defaultValue: '' },
  };
  const copies = {
    parameters,
    resources: [
      storage("[concat(parameters('prefix'), copyIndex())]", { copy: { name: 'all', count: "[parameters('count')]" } }),
    ],
    outputs: { first: { type: 'string', value: "[reference(concat(parameters('prefix'), '0')).provisioningState]" } },
  };

  it('az deployment group create --parameters, show, list, export', () => {
    const file = fileOf('copies', copies);
    const made = answerOf(deploy('copies', file, '--parameters', 'prefix=data', 'count=3', 'key=hush')) as Deployed;
    assert.equal(made.properties.outputs['first']?.value, 'Succeeded');
    assert.deepEqual(namesIn(), ['data0', 'data1', 'data2']);
    const shown = answerOf(az('deployment', 'group', 'show', '-g', group, '-n', 'copies')) as Deployed;
    assert.deepEqual(shown.properties.parameters['key'], { type: 'SecureString' });
    const listed = answerOf(
      az('deployment', 'group', 'list', '-g', group, '--filter', "provisioningState eq 'Succeeded'"),
    );
    assert.ok((listed as Deployed[]).some(({ name }) => name === 'copies'));
    const exported = answerOf(az('deployment', 'group', 'export', '-g', group, '-n', 'copies')) as {
      parameters: object;
    };
    assert.deepEqual(Object.keys(exported.parameters), ['prefix', 'count', 'key']);
  });

  it('az deployment operation group list, show', () => {
    const on = ['-g', group, '-n', 'copies'];
    const operations = answerOf(az('deployment', 'operation', 'group', 'list', ...on)) as {
      operationId: string;
      properties: { provisioningState: string };
    }[];
    assert.deepEqual(
      operations.map(({ properties }) => properties.provisioningState),
      Array(4).fill('Succeeded'),
    );
    const id = operations[0]?.operationId ?? '';
    answerOf(az('deployment', 'operation', 'group', 'show', ...on, '--operation-ids', id));
  });

  it('az deployment group validate, what-if', () => {
    const file = fileOf('copies', copies);
    const on = ['-g', group, '--template-file', file, '--parameters', 'prefix=data', 'count=4'];
    answerOf(az('deployment', 'group', 'validate', ...on));
    const { changes } = answerOf(az('deployment', 'group', 'what-if', ...on, '--no-pretty-print')) as {
      changes: { changeType: string; resourceId: string }[];
    };
    assert.deepEqual(
      changes.filter(({ changeType }) => changeType === 'Create').map(({ resourceId }) => resourceId.slice(-5)),
      ['data3'],
    );
    assert.deepEqual(namesIn().length, 3, 'nothing was made');
  });

  it('az deployment group create (refused: parameters, circles, a resource that fails)', () => {
    const file = fileOf('copies', copies);
    const unknown = deploy('bad', file, '--parameters', 'prefix=x', 'nothing=1');
    assert.match(unknown.stderr, /nothing/);
    const circle = [storage('a', { dependsOn: ['b'] }), storage('b', { dependsOn: ['a'] })];
    assert.match(deploy('bad', fileOf('circle', { resources: circle })).stderr, /Circular dependency/);
    const failing = deploy('bad', fileOf('failing', { resources: [storage('x', { location: 'atlantis' })] }));
    assert.notEqual(failing.status, 0);
    assert.match(failing.stderr, /DeploymentFailed/);
    assert.match(failing.stderr, /LocationNotAvailableForResourceType/);
    const state = answerOf(az('deployment', 'group', 'show', '-g', group, '-n', 'bad')) as Deployed;
    assert.equal(state.properties.provisioningState, 'Failed');
  });

  it('az deployment group create: modules as Bicep writes them, symbolic names, Complete mode', () => {
    const module = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      languageVersion: '2.0',
      contentVersion: '1.0.0.0',
      metadata: { _generator: { name: 'bicep', version: '0.30.23.60470', templateHash: '1' } },
      parameters: { name: { type: 'string' } },
      resources: { account: storage("[parameters('name')]") },
      outputs: {
        id: { type: 'string', value: "[resourceId('Microsoft.Storage/storageAccounts', parameters('name'))]" },
      },
    };
    const bicep = {
      languageVersion: '2.0',
      resources: {
        before: { existing: true, type: 'Microsoft.Storage/storageAccounts', apiVersion: '2023-01-01', name: 'data0' },
        inner: {
          type: 'Microsoft.Resources/deployments',
          apiVersion: '2022-09-01',
          name: 'inner',
          properties: {
            expressionEvaluationOptions: { scope: 'inner' },
            mode: 'Incremental',
            parameters: { name: { value: "[format('of{0}', reference('before', '2023-01-01', 'full').location)]" } },
            template: module,
          },
        },
      },
      outputs: { id: { type: 'string', value: "[reference('inner').outputs.id.value]" } },
    };
    const made = answerOf(deploy('bicep', fileOf('bicep', bicep))) as Deployed;
    assert.equal(
      made.properties.outputs['id']?.value,
      `${scope}/providers/Microsoft.Storage/storageAccounts/ofwesteurope`,
    );
    const lone = `${group}-complete`;
    answerOf(az('group', 'create', '-n', lone, '-l', 'westeurope'));
    const whole = (file: string, mode: string) =>
      answerOf(az('deployment', 'group', 'create', '-g', lone, '-n', 'whole', '--template-file', file, '--mode', mode));
    whole(fileOf('two', { resources: [storage('one'), storage('two')] }), 'Incremental');
    whole(fileOf('one', { resources: [storage('one')] }), 'Complete');
    const left = answerOf(az('resource', 'list', '-g', lone)) as Resource[];
    assert.deepEqual(
      left.map(({ name }) => name),
      ['one'],
    );
  });

  it('az deployment group create (refused: who may deploy but not write the resource)', () => {
    const app = answerOf(az('ad', 'sp', 'create-for-rbac', '--name', 'deployer')) as {
      appId: string;
      password: string;
      tenant: string;
    };
    const role = {
      Name: 'Deployer',
      Description: 'Deploys templates, and writes nothing by that.',
      Actions: ['Microsoft.Resources/deployments/*', 'Microsoft.Resources/subscriptions/resourceGroups/read'],
      AssignableScopes: [`/subscriptions/${postern.environment.subscriptionId}`],
    };
    answerOf(az('role', 'definition', 'create', '--role-definition', JSON.stringify(role)));
    answerOf(az('role', 'assignment', 'create', '--assignee', app.appId, '--role', 'Deployer', '--scope', scope));
    const deployer = azOf(postern, join(configuration, 'deployer'));
    const login = ['--username', app.appId, '--password', app.password, '--tenant', app.tenant];
    answerOf(deployer('login', '--service-principal', ...login));
    const denied = deployAs(deployer, 'denied', fileOf('denied', { resources: [storage('denied')] }));
    assert.notEqual(denied.status, 0);
    assert.match(denied.stderr, /Authorization failed for template resource 'denied'/);
    assert.match(denied.stderr, /Microsoft\.Storage\/storageAccounts\/write/);
    answerOf(deployAs(deployer, 'empty', fileOf('empty', {})));
  });

  it('az deployment group cancel, delete', () => {
    const slow = ['web-1', 'web-2'].map((name) => ({
      type: 'Microsoft.Compute/virtualMachines/runCommands',
      apiVersion: '2024-11-01',
      name: `${name}/wait`,
      location: 'westeurope',
      properties: { source: { script: 'sleep 8' } },
      ...(name === 'web-2'
        ? { dependsOn: [`${scope}/providers/Microsoft.Compute/virtualMachines/web-1/runCommands/wait`] }
        : {}),
    }));
    answerOf(deploy('slow', fileOf('slow', { resources: slow }), '--no-wait'));
    answerOf(az('deployment', 'group', 'cancel', '-g', group, '-n', 'slow'));
    const waited = az(
      'deployment',
      'group',
      'wait',
      '-g',
      group,
      '-n',
      'slow',
      '--custom',
      "properties.provisioningState=='Canceled'",
      '--interval',
      '1',
      '--timeout',
      '60',
    );
    answerOf(waited);
    assert.notEqual(az('vm', 'run-command', 'show', '-g', group, '--vm-name', 'web-2', '-n', 'wait').status, 0);
    answerOf(az('deployment', 'group', 'delete', '-g', group, '-n', 'slow'));
    assert.match(az('deployment', 'group', 'show', '-g', group, '-n', 'slow').stderr, /DeploymentNotFound/);
  });

  it('az deployment sub create, show, list, delete', () => {
    const resources = [
      {
        type: 'Microsoft.Resources/resourceGroups',
        apiVersion: '2022-09-01',
        name: 'rg-by-template',
        location: 'westeurope',
      },
    ];
    const file = fileOf('subscription', { resources });
    const on = ['-n', 'groups'];
    answerOf(az('deployment', 'sub', 'create', ...on, '-l', 'westeurope', '--template-file', file));
    assert.equal(answerOf(az('group', 'exists', '-n', 'rg-by-template')), true);
    assert.equal(
      (answerOf(az('deployment', 'sub', 'show', ...on)) as Deployed).properties.provisioningState,
      'Succeeded',
    );
    assert.deepEqual(
      (answerOf(az('deployment', 'sub', 'list')) as Deployed[]).map(({ name }) => name),
      ['groups'],
    );
    answerOf(az('deployment', 'operation', 'sub', 'list', ...on));
    answerOf(az('deployment', 'sub', 'delete', ...on));
  });

  it('az deployment mg create, list; az deployment tenant create, show', () => {
    const elevate = '/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01';
    answerOf(az('rest', '--method', 'post', '--url', elevate));
    const me = ['--assignee-object-id', principalOf(az), '--assignee-principal-type', 'ServicePrincipal'];
    answerOf(az('role', 'assignment', 'create', ...me, '--role', 'Owner', '--scope', '/'));
    answerOf(az('account', 'management-group', 'create', '-n', 'mg1'));
    const managed = (name: string, more = {}) => ({
      type: 'Microsoft.Management/managementGroups',
      apiVersion: '2021-04-01',
      name,
      properties: {},
      ...more,
    });
    const outputs = { name: { type: 'string', value: '[managementGroup().name]' } };
    const below = fileOf('below', { resources: [managed('mg2', { scope: '/' })], outputs });
    const at = ['-n', 'one', '-l', 'westeurope', '--template-file'];
    const made = answerOf(az('deployment', 'mg', 'create', '-m', 'mg1', ...at, below)) as Deployed;
    assert.equal(made.properties.outputs['name']?.value, 'mg1');
    assert.equal((answerOf(az('deployment', 'mg', 'list', '-m', 'mg1')) as Deployed[]).length, 1);
    answerOf(az('deployment', 'tenant', 'create', ...at, fileOf('tenant', { resources: [managed('mg3')] })));
    const shown = answerOf(az('deployment', 'tenant', 'show', '-n', 'one')) as Deployed;
    assert.equal(shown.properties.provisioningState, 'Succeeded');
  });
});
