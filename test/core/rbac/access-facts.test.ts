import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VerifiedToken } from '../../../src/core/ports/token-verifier.ts';
import { factsOfCaller } from '../../../src/core/rbac/access-facts.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { group1, vm } from './roles.ts';

const now = 7 as EpochMillis;
const identity = `${group1}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deploy`;
const actor = { userName: 'alice', uid: 1000, machineResourceId: vm };

function factsOf(token: Partial<VerifiedToken>) {
  return factsOfCaller(token as VerifiedToken, now);
}

describe('what a token tells a decision', () => {
  it('is the machine to which it was issued: its own identity names it, a shared one beside itself', () => {
    assert.deepEqual(factsOf({ identityResourceId: vm }), { now, machineResourceId: vm });
    assert.deepEqual(factsOf({ identityResourceId: identity, machineResourceId: vm }), { now, machineResourceId: vm });
  });

  it('is no machine where it was issued to none', () => {
    assert.deepEqual(factsOf({ identityResourceId: identity }), { now });
    assert.deepEqual(factsOf({}), { now });
  });

  it("is the machine's user who acts", () => {
    assert.deepEqual(factsOf({ identityResourceId: vm.toLowerCase(), actor }), { now, actor, machineResourceId: vm });
  });

  it('is no machine where user and token name two', () => {
    assert.deepEqual(factsOf({ identityResourceId: `${vm}0`, actor }), { now, actor });
  });
});
