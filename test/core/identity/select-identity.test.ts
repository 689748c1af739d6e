import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type IdentitySelectors, selectIdentity } from '../../../src/core/identity/select-identity.ts';
import type { AttachedIdentity } from '../../../src/core/ports/machines.ts';
import { isRefusal } from '../../../src/core/refusal.ts';

const group = '/subscriptions/5e0b7b5c-0000-4000-8000-000000000001/resourceGroups/rg1';

const system: AttachedIdentity = {
  kind: 'systemAssigned',
  principalId: 'aaaaaaaa-0000-4000-8000-000000000001',
  clientId: 'bbbbbbbb-0000-4000-8000-000000000001',
  resourceId: `${group}/providers/Microsoft.Compute/virtualMachines/web-1`,
};

function userAssigned(name: string, last: string): AttachedIdentity {
  return {
    kind: 'userAssigned',
    principalId: `aaaaaaaa-0000-4000-8000-00000000000${last}`,
    clientId: `bbbbbbbb-0000-4000-8000-00000000000${last}`,
    resourceId: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
  };
}

const id1 = userAssigned('id1', '2');
const id10 = userAssigned('id10', '3');

function refusalOf(identities: readonly AttachedIdentity[], selectors: IdentitySelectors) {
  const selected = selectIdentity(identities, selectors);
  assert.ok(isRefusal(selected), 'a refusal is expected');
  return { refused: selected.refused, message: selected.message };
}

const notFound = { refused: 'imdsIdentityNotFound', message: 'Identity not found' };

describe('without a selector', () => {
  it('means the system-assigned identity, whatever else there is', () => {
    assert.equal(selectIdentity([id1, system, id10], {}), system);
  });

  it('means the only user-assigned identity where there is no system-assigned one', () => {
    assert.equal(selectIdentity([id1], {}), id1);
  });

  it('is refused among several user-assigned identities, in the words of Azure', () => {
    assert.deepEqual(refusalOf([id1, id10], {}), {
      refused: 'imdsMultipleIdentities',
      message:
        'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
    });
  });

  it('is refused on a machine without identities', () => {
    assert.deepEqual(refusalOf([], {}), notFound);
  });
});

describe('with one selector', () => {
  const all = [system, id1, id10];

  it('means exactly the identity of that client id or object id, of either kind', () => {
    assert.equal(selectIdentity(all, { clientId: id10.clientId }), id10);
    assert.equal(selectIdentity(all, { objectId: id1.principalId }), id1);
    assert.equal(selectIdentity(all, { clientId: system.clientId }), system);
  });

  it('compares without regard to letter case', () => {
    assert.equal(selectIdentity(all, { clientId: id10.clientId.toUpperCase() }), id10);
    assert.equal(selectIdentity(all, { objectId: id1.principalId.toUpperCase() }), id1);
    assert.equal(selectIdentity(all, { msiResId: id1.resourceId.toUpperCase() }), id1);
    assert.equal(selectIdentity(all, { msiResId: `${id1.resourceId.toLowerCase()}/` }), id1);
  });

  it('takes no client id for an object id, and no name for a longer one', () => {
    assert.deepEqual(refusalOf(all, { clientId: id1.principalId }), notFound);
    assert.deepEqual(refusalOf(all, { objectId: id1.clientId }), notFound);
    assert.deepEqual(refusalOf([id10], { msiResId: id1.resourceId }), notFound);
    assert.deepEqual(refusalOf([id1], { msiResId: id10.resourceId }), notFound);
  });

  it('does not fall back to another identity', () => {
    assert.deepEqual(refusalOf([system], { clientId: id1.clientId }), notFound);
    assert.deepEqual(refusalOf([id1], { objectId: '' }), notFound);
    assert.deepEqual(refusalOf([], { clientId: id1.clientId }), notFound);
  });

  it("does not take the machine's id for the id of an identity", () => {
    assert.deepEqual(refusalOf(all, { msiResId: system.resourceId }), notFound);
  });
});

describe('with several selectors', () => {
  it('is refused, also where they agree', () => {
    const { refused } = refusalOf([id1], { clientId: id1.clientId, msiResId: id1.resourceId });
    assert.equal(refused, 'imdsParameterInvalid');
  });
});

describe('any selection', () => {
  const identities = fc.subarray([system, id1, id10]);
  const selectors: fc.Arbitrary<IdentitySelectors> = fc.record(
    {
      clientId: fc.constantFrom(system.clientId, id1.clientId, id10.clientId, 'x'),
      objectId: fc.constantFrom(system.principalId, id1.principalId, 'x'),
      msiResId: fc.constantFrom(id1.resourceId, id10.resourceId, 'x'),
    },
    { requiredKeys: [] },
  );

  it('never gives an identity that is not attached, nor one that was not named', () => {
    fc.assert(
      fc.property(identities, selectors, (attached, named) => {
        const selected = selectIdentity(attached, named);
        if (isRefusal(selected)) return;
        assert.ok(attached.includes(selected));
        assert.ok(named.clientId === undefined || named.clientId === selected.clientId);
        assert.ok(named.objectId === undefined || named.objectId === selected.principalId);
        assert.ok(named.msiResId === undefined || named.msiResId === selected.resourceId);
      }),
    );
  });
});
