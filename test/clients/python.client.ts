import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { azProgram, pythonFolder } from './az-installation.ts';
import { python } from './python-installation.ts';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

interface Claims {
  readonly oid?: string;
  readonly appid?: string;
  readonly appidacr?: string;
  readonly xms_mirid?: string;
  readonly failed?: string;
}

/** What the program outside the machines saw. */
interface Walk {
  readonly [name: string]: unknown;
  readonly made: {
    readonly vm: { readonly id: string; readonly principalId: string };
    readonly identity: { readonly id: string; readonly principalId: string; readonly clientId: string };
  };
}

const program = (name: string) => resolve(import.meta.dirname, 'python', name);

describe('azure-identity 1.27.0: from Python', () => {
  const group = `python-${randomUUID().slice(0, 4)}`;
  let postern: RunningPostern;
  let walk: Walk;

  before(async () => {
    postern = await startPostern([pythonFolder()]);
    const { environment } = postern;
    const env = { ...process.env, REQUESTS_CA_BUNDLE: environment.caBundle };
    const result = runProgram(python, [program('outside.py')], JSON.stringify({ ...environment, group }), env);
    assert.equal(result.status, 0, result.stderr);
    walk = JSON.parse(result.stdout) as Walk;
  });
  after(() => postern?.stop());

  it('azure-mgmt-resource 26.0.0: resource_groups check_existence, create_or_update; resources list', () => {
    assert.deepEqual([walk['groupBefore'], walk['group'], walk['groupAfter']], [false, group, true]);
    assert.deepEqual(walk['resources'], [
      'Microsoft.Compute/virtualMachines',
      'Microsoft.ManagedIdentity/userAssignedIdentities',
    ]);
  });

  it('azure-mgmt-resource-subscriptions 1.0.0: subscriptions list', () => {
    assert.deepEqual(walk['subscriptions'], [postern.environment.subscriptionId]);
  });

  it('azure-mgmt-compute 39.0.0: virtual_machines create, list, update, deallocate, start, restart, instance_view', () => {
    assert.deepEqual(walk['machines'], ['web-1']);
    const running = 'PowerState/running';
    assert.deepEqual(walk['power'], [running, 'PowerState/deallocated', running, running]);
    assert.deepEqual(walk['attached'], [walk.made.identity.id.toLowerCase()]);
  });

  it('azure-mgmt-msi 7.1.0: user_assigned_identities create_or_update, list', () => {
    assert.deepEqual(walk['identities'], ['shared']);
  });

  it('azure-mgmt-authorization 4.0.0: role_definitions list; role_assignments create, list, delete', () => {
    assert.deepEqual(walk['assignments'], [1, 0]);
    assert.match(String(walk['unknownPrincipal']), /PrincipalNotFound/);
  });

  it('ClientSecretCredential, outside, with a wrong secret', () => {
    assert.match(String(walk['wrongSecret']), /AADSTS7000215/);
  });

  describe('inside a machine', () => {
    let answers: Readonly<Record<string, Claims>>;
    before(() => {
      const { tenantId, clientId, clientSecret } = postern.environment;
      const login = postern.inside(walk.made.vm.id, [azProgram, 'login', '--identity', '--allow-no-subscriptions']);
      assert.equal(login.status, 0, login.stderr);
      const given = {
        identity: walk.made.identity,
        client: { tenantId, clientId, secret: clientSecret },
        credentials: [
          'system',
          'clientId',
          'objectId',
          'resourceId',
          'unknown',
          'default',
          'chained',
          'secret',
          'environment',
          'cli',
        ],
      };
      const result = postern.inside(
        walk.made.vm.id,
        ['env', `PATH=${dirname(azProgram)}:/usr/bin:/bin`, python, program('inside.py')],
        { stdin: JSON.stringify(given) },
      );
      assert.equal(result.status, 0, result.stderr);
      answers = JSON.parse(result.stdout);
    });
    const principalOf = (name: string) => {
      assert.equal(answers[name]?.failed, undefined);
      return answers[name]?.oid;
    };

    it('ManagedIdentityCredential', () => {
      assert.equal(principalOf('system'), walk.made.vm.principalId);
      assert.equal(answers['system']?.xms_mirid?.toLowerCase(), walk.made.vm.id.toLowerCase());
    });

    it('ManagedIdentityCredential with client_id, object_id, resource_id', () => {
      for (const selector of ['clientId', 'objectId', 'resourceId']) {
        assert.equal(principalOf(selector), walk.made.identity.principalId, selector);
      }
    });

    it('ManagedIdentityCredential of an identity that the machine does not have', () => {
      assert.match(answers['unknown']?.failed ?? '', /Identity not found/);
    });

    for (const [name, credential] of [
      ['default', 'DefaultAzureCredential'],
      ['chained', 'ChainedTokenCredential'],
      ['cli', 'AzureCliCredential'],
    ] as const) {
      it(credential, () => assert.equal(principalOf(name), walk.made.vm.principalId));
    }

    for (const [name, credential] of [
      ['secret', 'ClientSecretCredential'],
      ['environment', 'EnvironmentCredential'],
    ] as const) {
      it(credential, () => {
        assert.equal(answers[name]?.appid, postern.environment.clientId, answers[name]?.failed);
        assert.equal(answers[name]?.appidacr, '1');
      });
    }
  });
});
