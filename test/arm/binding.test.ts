import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BindingFacts, decideBinding } from '../../src/arm/authenticate/binding.ts';
import type { AttachedIdentity, MachineView } from '../../src/core/ports/machines.ts';
import type { EpochSeconds } from '../../src/core/time.ts';
import { application, startMillis, tokenOf } from './kit/ports.ts';

const vmId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-1';
const uaiId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uai';
const identity = (kind: AttachedIdentity['kind'], principalId: string): AttachedIdentity => ({
  kind,
  principalId,
  clientId: `app-of-${principalId}`,
  resourceId: kind === 'systemAssigned' ? vmId : uaiId,
});

function machineWith(identities: readonly AttachedIdentity[], timeCreated = startMillis - 60_000): MachineView {
  const properties = { timeCreated: new Date(timeCreated).toISOString() };
  return { resourceId: vmId, vmId: 'vm', identities, resource: { properties } };
}

const managed = (objectId: string, resourceId: string) =>
  application(objectId, { servicePrincipalType: 'ManagedIdentity', resourceId });

const system: BindingFacts = {
  token: tokenOf('web', { identityResourceId: vmId }),
  principal: managed('web', vmId),
  machine: machineWith([identity('systemAssigned', 'web')]),
};
const user: BindingFacts = {
  token: tokenOf('uai', { identityResourceId: uaiId, machineResourceId: vmId }),
  principal: managed('uai', uaiId),
  machine: machineWith([identity('systemAssigned', 'web'), identity('userAssigned', 'uai')]),
};

describe('a token stands for its principal while that exists', () => {
  it('accepts an application', () => {
    const token = tokenOf('app');
    assert.equal(decideBinding({ token, principal: application('app'), machine: undefined }), undefined);
  });
  it('refuses one that has been deleted', () => {
    const token = tokenOf('app');
    assert.match(decideBinding({ token, principal: undefined, machine: undefined }) ?? '', /no longer exists/);
  });
  it('refuses one that is disabled', () => {
    const principal = application('app', { accountEnabled: false });
    assert.match(decideBinding({ token: tokenOf('app'), principal, machine: undefined }) ?? '', /disabled/);
  });
  it('refuses one whose client id is another', () => {
    const principal = application('app', { appId: 'other' });
    assert.match(decideBinding({ token: tokenOf('app'), principal, machine: undefined }) ?? '', /client id/);
  });
});

describe("a managed identity's token stands while the identity is on the machine that it was issued to", () => {
  it('accepts a system-assigned and a user-assigned identity, whatever the case of the ids', () => {
    assert.equal(decideBinding(system), undefined);
    assert.equal(decideBinding(user), undefined);
    const shouted = { ...system.token, identityResourceId: vmId.toUpperCase() };
    assert.equal(decideBinding({ ...system, token: shouted }), undefined);
  });
  for (const [name, facts] of Object.entries({ system, user })) {
    it(`refuses the ${name}-assigned one when the machine is gone`, () => {
      assert.match(decideBinding({ ...facts, machine: undefined }) ?? '', /does not exist/);
    });
    it(`refuses the ${name}-assigned one when it has been taken off the machine`, () => {
      assert.match(decideBinding({ ...facts, machine: machineWith([]) }) ?? '', /no longer assigned/);
    });
  }
  it('refuses a token that names no identity, or another one than its principal belongs to', () => {
    assert.match(decideBinding({ ...system, token: tokenOf('web') }) ?? '', /does not name/);
    const token = tokenOf('web', { identityResourceId: `${vmId}0` });
    assert.match(decideBinding({ ...system, token }) ?? '', /another resource/);
  });
  it('accepts a user-assigned identity by federation, whose token names no machine, and no other without one', () => {
    const token = tokenOf('uai', { identityResourceId: uaiId });
    const explicit = application('uai', {
      servicePrincipalType: 'ManagedIdentity',
      resourceId: uaiId,
      alternativeNames: ['isExplicit=True', uaiId],
    });
    assert.equal(decideBinding({ token, principal: explicit, machine: undefined }), undefined);
    assert.match(decideBinding({ ...user, principal: explicit, machine: undefined }) ?? '', /does not exist/);
    assert.match(decideBinding({ ...system, machine: undefined }) ?? '', /does not exist/);
  });
  it('refuses an application whose token claims to be a managed identity', () => {
    const token = tokenOf('app', { identityResourceId: vmId });
    assert.match(decideBinding({ token, principal: application('app'), machine: system.machine }) ?? '', /no managed/);
  });
});

describe('a token of an earlier machine of the same name', () => {
  const created = startMillis / 1000;
  const issued = (at: number) => ({ ...user.token, issuedAt: (at - 300) as EpochSeconds });
  const machine = machineWith(user.machine?.identities ?? [], startMillis);
  it('is accepted when it was issued in the second of the creation (iat is backdated by 300 s)', () => {
    assert.equal(decideBinding({ ...user, machine, token: issued(created) }), undefined);
  });
  it('is refused when it was issued one second before', () => {
    assert.match(decideBinding({ ...user, machine, token: issued(created - 1) }) ?? '', /earlier machine/);
  });
});
