/**
 * PowerShell, played: it is on no registry that can be reached, so what runs is not PowerShell but the requests that its
 * published source sends, one by one; `powershell/reads.ts` says what the source reads from each answer, and in which file.
 */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Line, Played } from './powershell/play.ts';
import type { Parameters } from './powershell/session.ts';
import { type ProgramResult, type RunningPostern, runProgram, startPostern } from './running-postern.ts';

const folder = resolve(import.meta.dirname, 'powershell');
const player = resolve(folder, 'play.ts');
const identity: Line = ['Connect-AzAccount', { Identity: true }];

let postern: RunningPostern;
let made: {
  readonly group: string;
  readonly machine: string;
  readonly shared: { readonly clientId: string; readonly principalId: string };
};

before(async () => {
  postern = await startPostern();
  const result = outside('prepare.ts', JSON.stringify(postern.environment));
  assert.equal(result.status, 0, result.stderr);
  made = JSON.parse(result.stdout) as typeof made;
});
after(() => postern?.stop());

describe('Az.Accounts (played): inside a machine', () => {
  for (const alias of ['Connect-AzAccount', 'Add-AzAccount']) {
    it(`${alias} -Identity`, () => {
      const { account, environment, tenant, subscription, contexts } = outputOf(
        playInside('console', [alias, { Identity: true }]),
      );
      assert.equal(account, 'MSI@50342');
      assert.equal(tenant, postern.environment.tenantId);
      assert.equal((subscription as { id: string }).id, postern.environment.subscriptionId);
      assert.equal((environment as { name: string }).name, 'AzureCloud');
      assert.deepEqual(contexts, [postern.environment.subscriptionId]);
    });
  }

  it('Connect-AzAccount -Identity -Tenant -Subscription', () => {
    const { tenantId: Tenant, subscriptionId: Subscription } = postern.environment;
    const { subscription } = outputOf(
      playInside('console', ['Connect-AzAccount', { Identity: true, Tenant, Subscription }]),
    );
    assert.equal((subscription as { state: string }).state, 'Enabled');
  });

  it('Connect-AzAccount -Identity -AccountId (the client id of a user-assigned identity)', () => {
    const { clientId: AccountId } = made.shared;
    const { account, subscription } = outputOf(
      playInside(made.machine, ['Connect-AzAccount', { Identity: true, AccountId }]),
    );
    assert.equal(account, AccountId);
    assert.equal((subscription as { id: string }).id, postern.environment.subscriptionId);
  });

  it('Connect-AzAccount -Identity, without any role: a context without a subscription', () => {
    const { tenant, subscription, contexts } = outputOf(playInside(made.machine, identity));
    assert.equal(tenant, postern.environment.tenantId);
    assert.equal(subscription, undefined);
    assert.deepEqual(contexts, []);
  });

  it('Connect-AzAccount -Identity -AccountId, refused for an identity that the machine does not have', () => {
    const AccountId = '00000000-0000-4000-8000-000000000000';
    const [result] = playInside(made.machine, ['Connect-AzAccount', { Identity: true, AccountId }]);
    assert.match(result?.failed ?? '', /authentication failed: invalid_request: Identity not found/);
  });
});

describe('Az.Compute (played): inside a machine', () => {
  const machine = { ResourceGroupName: 'powershell', Name: 'web-1' };

  it('Get-AzVM', () => {
    for (const parameters of [{}, { ResourceGroupName: 'powershell' }, { Name: 'web-1' }]) {
      const found = outputOf(
        playInside('console', identity, ['Get-AzVM', parameters]),
      ) as unknown as readonly unknown[];
      assert.ok(found.some((one) => (one as { name: string }).name === 'web-1'));
    }
  });

  it('Get-AzVM -ResourceGroupName -Name', () => {
    const { name, provisioningState } = outputOf(playInside('console', identity, ['Get-AzVM', machine]));
    assert.deepEqual({ name, provisioningState }, { name: 'web-1', provisioningState: 'Succeeded' });
  });

  it('Get-AzVM -Status', () => {
    const one = outputOf(playInside('console', identity, ['Get-AzVM', { ...machine, Status: true }]));
    assert.equal(one['powerState'], 'VM running');
    const all = outputOf(
      playInside('console', identity, ['Get-AzVM', { Status: true }]),
    ) as unknown as readonly unknown[];
    assert.ok(all.length >= 2);
    for (const each of all) assert.equal((each as { powerState: string }).powerState, 'VM running');
  });

  it('Get-AzVM, refused for a machine that is not there', () => {
    const [, missing] = playInside('console', identity, ['Get-AzVM', { ...machine, Name: 'nobody' }]);
    assert.equal(missing?.code, 'ResourceNotFound');
  });

  it('Restart-AzVM', () => {
    const { operationId, status } = outputOf(playInside('console', identity, ['Restart-AzVM', machine]));
    assert.equal(status, 'Succeeded');
    assert.match(String(operationId), /^[0-9a-f-]{36}$/);
  });

  it('Restart-AzVM, refused for an identity that may only read and give access', () => {
    const { clientId: AccountId } = made.shared;
    const [, refused] = playInside(
      made.machine,
      ['Connect-AzAccount', { Identity: true, AccountId }],
      ['Restart-AzVM', machine],
    );
    assert.equal(refused?.code, 'AuthorizationFailed');
  });
});

describe('Az.Resources (played): inside a machine', () => {
  const line = (RoleDefinitionName: string): Line => [
    'New-AzRoleAssignment',
    { ObjectId: made.shared.principalId, RoleDefinitionName, Scope: made.group },
  ];

  it('New-AzRoleAssignment -ObjectId -RoleDefinitionName -Scope', () => {
    const output = outputOf(playInside('console', identity, line('Tag Contributor')));
    assert.equal(output['roleDefinitionName'], 'Tag Contributor');
    assert.equal(output['objectId'], made.shared.principalId);
    assert.equal(output['objectType'], 'ServicePrincipal');
  });

  it('New-AzRoleAssignment -ObjectId, by an identity that may not read the directory', () => {
    const connect: Line = ['Connect-AzAccount', { Identity: true, AccountId: made.shared.clientId }];
    const output = outputOf(playInside(made.machine, connect, line('Managed Identity Operator')));
    assert.equal(output['roleDefinitionName'], 'Managed Identity Operator');
    assert.equal(output['objectType'], 'Unknown');
  });
});

describe('Az.Accounts (played): outside the machines', () => {
  for (const metadataVersion of ['1.0', '2015-01-01']) {
    it(`Add-AzEnvironment -Name -ARMEndpoint (api-version ${metadataVersion})`, () => {
      const { origin } = postern.environment;
      const [result] = playOutside([
        'Add-AzEnvironment',
        { Name: 'Local', ARMEndpoint: `${origin}/`, metadataVersion },
      ]);
      const [environment] = (result?.output ?? assert.fail(result?.failed)) as readonly Record<string, unknown>[];
      assert.deepEqual(environment, {
        name: 'Local',
        resourceManagerUrl: `${origin}/`,
        activeDirectoryAuthority: `${origin}/adfs/`,
        serviceEndpointResourceId: `${origin}/`,
        onPremise: true,
      });
    });
  }

  for (const version of ['2020-06-01', '2022-09-01']) {
    it(`Add-AzEnvironment -AutoDiscover -Uri (api-version ${version})`, () => {
      const { origin } = postern.environment;
      const Uri = `${origin}/metadata/endpoints?api-version=${version}`;
      const [result] = playOutside(['Add-AzEnvironment', { AutoDiscover: true, Uri }]);
      const [environment] = (result?.output ?? assert.fail(result?.failed)) as readonly Record<string, unknown>[];
      assert.equal(environment?.['name'], 'Postern');
      assert.equal(environment?.['microsoftGraphUrl'], origin);
    });
  }
});

describe('Az.Resources (played): outside the machines', () => {
  const assign = (parameters: Parameters): readonly Played[] => {
    const { origin, tenantId: Tenant, clientId: ApplicationId, clientSecret: Secret } = postern.environment;
    const Uri = `${origin}/metadata/endpoints?api-version=2022-09-01`;
    return playOutside(
      ['Add-AzEnvironment', { AutoDiscover: true, Uri }],
      ['Connect-AzAccount', { Environment: 'Postern', Tenant, ApplicationId, Secret }],
      ['New-AzRoleAssignment', parameters],
    );
  };

  it('New-AzRoleAssignment -ObjectId -RoleDefinitionName -Scope', () => {
    const { principalId: ObjectId } = made.shared;
    const role = { RoleDefinitionName: 'User Access Administrator', Scope: made.machine, Description: 'one machine' };
    const output = outputOf(assign({ ObjectId, ...role }));
    assert.equal(output['roleDefinitionName'], 'User Access Administrator');
    assert.equal(output['objectType'], 'ServicePrincipal');
    assert.equal(output['displayName'], 'shared');
    assert.equal(output['description'], 'one machine');
    assert.equal(String(output['scope']).toLowerCase(), made.machine.toLowerCase());
  });

  it('New-AzRoleAssignment -ApplicationId -RoleDefinitionName -Scope; refused when it is there already', () => {
    const { clientId: ApplicationId, principalId } = made.shared;
    const parameters = { ApplicationId, RoleDefinitionName: 'Reader', Scope: made.group };
    assert.equal(outputOf(assign(parameters))['objectId'], principalId);
    assert.equal(assign(parameters).at(-1)?.code, 'RoleAssignmentExists');
  });

  it('New-AzRoleAssignment, refused for a role that is not there and for an application that is nobody', () => {
    const { principalId: ObjectId, clientId: ApplicationId } = made.shared;
    const unknown = { RoleDefinitionName: 'No Such Role', Scope: made.group };
    assert.match(assign({ ObjectId, ...unknown }).at(-1)?.failed ?? '', /Cannot find role definition/);
    const nobody = { ApplicationId: ApplicationId.replace(/^.{8}/, '00000000'), RoleDefinitionName: 'Reader' };
    assert.match(assign({ ...nobody, Scope: made.group }).at(-1)?.failed ?? '', /'PrincipalId' cannot be null/);
  });
});

function playInside(machine: string, ...lines: readonly Line[]): readonly Played[] {
  const argv = [process.execPath, player];
  return readPlayed(postern.inside(machine, argv, { stdin: JSON.stringify(lines) }));
}

function playOutside(...lines: readonly Line[]): readonly Played[] {
  return readPlayed(outside('play.ts', JSON.stringify(lines)));
}

function readPlayed({ status, stdout, stderr }: ProgramResult): readonly Played[] {
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as readonly Played[];
}

/** Node reads the authorities that it adds to its own when it starts. */
function outside(program: string, stdin: string): ProgramResult {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: postern.environment.ca };
  return runProgram(process.execPath, [resolve(folder, program)], stdin, env);
}

/** What the last line wrote, when it and all before it went well. */
function outputOf(played: readonly Played[]): Readonly<Record<string, unknown>> {
  for (const { failed } of played) assert.equal(failed, undefined);
  return played.at(-1)?.output as Readonly<Record<string, unknown>>;
}
