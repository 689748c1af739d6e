import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIdentityRequest } from '../../../src/core/identity/identity-request.ts';
import { formatIdentityType, parseIdentityType } from '../../../src/core/identity/identity-type.ts';
import type { Json } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';

const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared';

describe('identity.type', () => {
  const spellings: readonly (readonly [string, string])[] = [
    ['None', 'None'],
    ['systemassigned', 'SystemAssigned'],
    ['USERASSIGNED', 'UserAssigned'],
    ['SystemAssigned, UserAssigned', 'SystemAssigned, UserAssigned'],
    ['SystemAssigned,UserAssigned', 'SystemAssigned, UserAssigned'],
    ['userassigned ,systemassigned', 'SystemAssigned, UserAssigned'],
  ];
  for (const [written, answered] of spellings) {
    it(`reads '${written}' and answers '${answered}'`, () => {
      const type = parseIdentityType(written);
      assert.equal(isRefusal(type) ? type.message : formatIdentityType(type), answered);
    });
  }
  for (const written of [
    '',
    'System',
    'SystemAssigned,',
    'SystemAssigned UserAssigned',
    'None, UserAssigned',
    'UserAssigned,UserAssigned',
  ]) {
    it(`refuses '${written}'`, () => {
      const type = parseIdentityType(written);
      assert.equal(isRefusal(type) && type.refused, 'InvalidParameter');
    });
  }
});

describe('an identity block in a request', () => {
  const refusedAs = (block: Json) => {
    const request = parseIdentityRequest(block);
    return isRefusal(request) ? request.refused : undefined;
  };
  it('names identities to attach with {} and to take off with null, each once, keys without case', () => {
    const block = {
      type: 'UserAssigned',
      userAssignedIdentities: { [id]: {}, [id.toUpperCase()]: {}, [`${id}2`]: null },
    };
    const request = parseIdentityRequest(block);
    assert.ok(!isRefusal(request));
    assert.deepEqual(
      request.listed.map((one) => one.toLowerCase()),
      [id.toLowerCase()],
    );
    assert.deepEqual([...request.dropped], [`${id}2`.toLowerCase()]);
  });
  it("reads az's block that takes everything off", () => {
    assert.equal(refusedAs({ type: 'None', userAssignedIdentities: null }), undefined);
    assert.equal(refusedAs({ type: 'SystemAssigned', userAssignedIdentities: null }), undefined);
  });
  it('accepts the ids that Azure itself answered in a full PUT', () => {
    const ids = { principalId: 'p', clientId: 'c' };
    assert.equal(refusedAs({ type: 'UserAssigned', userAssignedIdentities: { [id]: ids } }), undefined);
  });
  const wrong: readonly (readonly [string, Json, string])[] = [
    ['no object', 'SystemAssigned', 'InvalidRequestContent'],
    ['no type', { userAssignedIdentities: { [id]: {} } }, 'InvalidRequestContent'],
    ['a list of identities', { type: 'UserAssigned', userAssignedIdentities: [id] }, 'InvalidRequestContent'],
    [
      'a value that is neither {} nor null',
      { type: 'UserAssigned', userAssignedIdentities: { [id]: 1 } },
      'InvalidRequestContent',
    ],
    [
      'identities beside SystemAssigned',
      { type: 'SystemAssigned', userAssignedIdentities: { [id]: {} } },
      'InvalidParameter',
    ],
    [
      'a name instead of an id',
      { type: 'UserAssigned', userAssignedIdentities: { shared: {} } },
      'LinkedInvalidPropertyId',
    ],
    [
      'a child of an identity',
      { type: 'UserAssigned', userAssignedIdentities: { [`${id}/a/b`]: {} } },
      'LinkedInvalidPropertyId',
    ],
    [
      'an id with dots',
      { type: 'UserAssigned', userAssignedIdentities: { [`${id}/..`]: {} } },
      'LinkedInvalidPropertyId',
    ],
    [
      "another type's id",
      { type: 'UserAssigned', userAssignedIdentities: { [id.replace('ManagedIdentity', 'Compute')]: {} } },
      'LinkedInvalidPropertyId',
    ],
  ];
  for (const [what, block, code] of wrong) {
    it(`refuses ${what} as ${code}`, () => assert.equal(refusedAs(block), code));
  }
});
