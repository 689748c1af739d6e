import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
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
    readonly application: string;
    readonly vm: { readonly id: string; readonly principalId: string };
    readonly identity: { readonly id: string; readonly principalId: string; readonly clientId: string };
  };
}

const program = (name: string) => resolve(import.meta.dirname, 'python', name);

describe('azure-identity 1.27.0: from Python', () => {
  const group = `python-${randomUUID().slice(0, 4)}`;
  const folder = mkdtempSync(join(tmpdir(), 'postern-python-'));
  const certificateFile = join(folder, 'client.pem');

  /** Leaves the key and its certificate in one file, as azure-identity reads it; answers the certificate in DER, base64. */
  const makeCertificate = (): string => {
    const subject = ['-subj', '/CN=python', '-days', '30', '-nodes', '-newkey', 'rsa:2048'];
    const made = runProgram('openssl', ['req', '-x509', ...subject, '-keyout', certificateFile]);
    assert.equal(made.status, 0, made.stderr);
    appendFileSync(certificateFile, made.stdout);
    return made.stdout.replace(/-----[A-Z ]+-----|\s/g, '');
  };

  let postern: RunningPostern;
  let walk: Walk;

  before(async () => {
    postern = await startPostern([pythonFolder()]);
    const { environment } = postern;
    const env = { ...process.env, REQUESTS_CA_BUNDLE: environment.caBundle };
    const given = { ...environment, group, certificate: makeCertificate() };
    const result = runProgram(python, [program('outside.py')], JSON.stringify(given), env);
    assert.equal(result.status, 0, result.stderr);
    walk = JSON.parse(result.stdout) as Walk;
  });
  after(async () => {
    await postern?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

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
    assert.match(String(walk['ran']), /\[stdout\]\nweb-1\n/);
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
      const inside = (proofs: object) => {
        const result = postern.inside(
          walk.made.vm.id,
          ['env', `PATH=${dirname(azProgram)}:/usr/bin:/bin`, python, program('inside.py')],
          { stdin: JSON.stringify({ identity: walk.made.identity, ...proofs }) },
        );
        assert.equal(result.status, 0, result.stderr);
        return JSON.parse(result.stdout) as typeof answers;
      };
      const managed = ['system', 'clientId', 'objectId', 'resourceId', 'unknown', 'default', 'chained', 'cli'];
      const client = { tenantId, clientId, secret: clientSecret };
      const application = { ...client, clientId: walk.made.application };
      answers = {
        ...inside({ client, credentials: [...managed, 'secret', 'environment'] }),
        ...inside({
          client: application,
          credentials: ['certificate', 'assertion', 'workload'],
          certificate: readFileSync(certificateFile, 'utf8'),
        }),
      };
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

    for (const [name, credential] of [
      ['certificate', 'CertificateCredential'],
      ['assertion', 'ClientAssertionCredential'],
      ['workload', 'WorkloadIdentityCredential'],
    ] as const) {
      it(credential, () => {
        assert.equal(answers[name]?.appid, walk.made.application, answers[name]?.failed);
        assert.equal(answers[name]?.appidacr, '2');
      });
    }
  });
});
