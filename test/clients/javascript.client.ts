import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

interface Claims {
  readonly oid?: string;
  readonly appid?: string;
  readonly xms_mirid?: string;
  readonly xms_az_rid?: string;
  readonly failed?: string;
}

describe('@azure/identity: ClientSecretCredential and ManagedIdentityCredential', () => {
  let postern: RunningPostern;
  /** What the program outside the machines made: it runs in a process of its own, since NODE_EXTRA_CA_CERTS is read at start. */
  let made: {
    readonly group: string;
    readonly vm: { id: string; principalId: string };
    readonly identity: { id: string; principalId: string; clientId: string };
  };
  let walk: Record<string, unknown>;

  before(async () => {
    postern = await startPostern();
    const { environment } = postern;
    const program = resolve(import.meta.dirname, 'javascript-outside.ts');
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: environment.ca };
    const result = runProgram(
      process.execPath,
      [program],
      JSON.stringify({ ...environment, group: `sdk-${randomUUID().slice(0, 4)}` }),
      env,
    );
    assert.equal(result.status, 0, result.stderr);
    walk = JSON.parse(result.stdout) as Record<string, unknown>;
    made = walk['made'] as typeof made;
  });
  after(() => postern?.stop());

  it('@azure/arm-resources: groups and resources', () => {
    assert.deepEqual(walk['groupBefore'], { body: false });
    assert.equal((walk['group'] as { name: string }).name, made.group);
    assert.deepEqual(walk['groupsListed'], true);
    assert.deepEqual(walk['resourcesListed'], [
      'Microsoft.Compute/virtualMachines',
      'Microsoft.ManagedIdentity/userAssignedIdentities',
    ]);
  });

  it('@azure/arm-compute: virtualMachines create, list, deallocate, start, restart, instanceView', () => {
    assert.deepEqual(walk['vmsListed'], ['web-1']);
    assert.deepEqual(walk['powerStates'], [
      'PowerState/running',
      'PowerState/deallocated',
      'PowerState/running',
      'PowerState/running',
    ]);
  });

  it('@azure/arm-compute: virtualMachines runCommand, virtualMachineSizes list', () => {
    assert.match(String(walk['ran']), /\[stdout\]\nweb-1\n/);
    assert.equal(walk['hasSizes'], true);
  });

  it('@azure/arm-msi: userAssignedIdentities create, list', () => {
    assert.deepEqual(walk['identitiesListed'], ['shared']);
    assert.match(made.identity.clientId, /^[0-9a-f-]{36}$/);
  });

  it('@azure/arm-authorization: roleAssignments create, list, delete', () => {
    assert.deepEqual(walk['assigned'], made.identity.principalId);
    assert.deepEqual(walk['assignmentsForPrincipal'], 1);
    assert.deepEqual(walk['assignmentsAfterDelete'], 0);
    assert.match(String(walk['unknownPrincipal']), /PrincipalNotFound/);
  });

  it('is refused with a wrong secret by ClientSecretCredential', () => {
    assert.match(String(walk['wrongSecret']), /AADSTS7000215/);
  });

  describe('inside a machine', () => {
    let answers: Record<string, Claims>;
    before(() => {
      const { clientId, principalId, id } = made.identity;
      const program = resolve(import.meta.dirname, 'javascript-inside.ts');
      const result = postern.inside(made.vm.id, [process.execPath, program, clientId, principalId, id]);
      assert.equal(result.status, 0, result.stderr);
      answers = JSON.parse(result.stdout) as Record<string, Claims>;
    });

    it('gets the system-assigned identity without a selector', () => {
      assert.equal(answers['none']?.oid, made.vm.principalId);
      assert.equal(answers['none']?.xms_mirid?.toLowerCase(), made.vm.id.toLowerCase());
    });

    for (const selector of ['clientId', 'objectId', 'resourceId', 'defaultWithClientId']) {
      it(`gets the user-assigned identity by ${selector}`, () => {
        assert.equal(answers[selector]?.oid, made.identity.principalId, answers[selector]?.failed);
        assert.equal(answers[selector]?.appid, made.identity.clientId);
        assert.equal(answers[selector]?.xms_az_rid?.toLowerCase(), made.vm.id.toLowerCase());
      });
    }

    it('gets the system-assigned identity through DefaultAzureCredential', () => {
      assert.equal(answers['default']?.oid, made.vm.principalId, answers['default']?.failed);
    });

    it('is refused an identity that the machine does not have', () => {
      assert.match(answers['unknownClientId']?.failed ?? '', /Identity not found/);
    });
  });
});
