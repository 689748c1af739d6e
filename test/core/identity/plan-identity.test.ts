import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseIdentityRequest } from '../../../src/core/identity/identity-request.ts';
import { newlyListed, planIdentity } from '../../../src/core/identity/plan-identity.ts';
import {
  formatResourceIdentity,
  noIdentity,
  parseResourceIdentity,
  type ResourceIdentity,
} from '../../../src/core/identity/resource-identity.ts';
import type { Json } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';

const resourceId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-1';
const id = (name: string) =>
  `/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const idsOf = (name: string) => ({ principalId: `principal-${name}`, clientId: `client-${name}` });
const has = (...names: readonly string[]): ResourceIdentity => ({
  users: names.map((name) => ({ resourceId: id(name), ...idsOf(name) })),
});
const system = { principalId: 'own', tenantId: 'tenant' };
const known = (one: string) => {
  const name = one.slice(one.lastIndexOf('/') + 1).toLowerCase();
  return ['a', 'b', 'c'].includes(name) ? idsOf(name) : undefined;
};

function plan(current: ResourceIdentity, method: 'PUT' | 'PATCH', block: Json, resolve = known) {
  const request = parseIdentityRequest(block);
  return isRefusal(request) ? request : planIdentity({ resourceId, current, request, method, resolve });
}
function next(...question: Parameters<typeof plan>) {
  const planned = plan(...question);
  if (isRefusal(planned)) return planned.refused;
  const { createSystem, deleteSystem, added, removed } = planned;
  return { createSystem, deleteSystem, added, removed, users: planned.users.map((user) => user.resourceId) };
}
const unchanged = { createSystem: false, deleteSystem: undefined, added: [], removed: [] };

describe('a system-assigned identity', () => {
  it('is created once: naming it again keeps it', () => {
    assert.deepEqual(next(noIdentity, 'PATCH', { type: 'SystemAssigned' }), {
      ...unchanged,
      createSystem: true,
      users: [],
    });
    assert.deepEqual(next({ system, users: [] }, 'PUT', { type: 'SystemAssigned' }), { ...unchanged, users: [] });
  });
  it('ends with None, and with UserAssigned alone', () => {
    const ended = { ...unchanged, deleteSystem: 'own' };
    assert.deepEqual(next({ system, users: [] }, 'PATCH', { type: 'None' }), { ...ended, users: [] });
    const both = { system, ...has('a') };
    assert.deepEqual(next(both, 'PATCH', { type: 'UserAssigned' }), { ...ended, users: [id('a')] });
  });
});

describe('user-assigned identities in a PATCH', () => {
  it('are added beside those that are not mentioned', () => {
    const added = next(has('a'), 'PATCH', { type: 'UserAssigned', userAssignedIdentities: { [id('b')]: {} } });
    assert.deepEqual(added, { ...unchanged, added: [id('b')], users: [id('a'), id('b')] });
  });
  it('are taken off by null, keys without case', () => {
    const block = { type: 'UserAssigned', userAssignedIdentities: { [id('a').toLowerCase()]: null } };
    assert.deepEqual(next(has('a', 'b'), 'PATCH', block), { ...unchanged, removed: [id('a')], users: [id('b')] });
  });
  it('all go with a type that excludes them, as az takes off the last one', () => {
    const gone = { ...unchanged, removed: [id('a'), id('b')], users: [] };
    assert.deepEqual(next({ system, ...has('a', 'b') }, 'PATCH', { type: 'SystemAssigned' }), gone);
    assert.deepEqual(next(has('a', 'b'), 'PATCH', { type: 'None', userAssignedIdentities: null }), gone);
  });
  it('stay with a null map', () => {
    const block = { type: 'UserAssigned', userAssignedIdentities: null };
    assert.deepEqual(next(has('a'), 'PATCH', block), { ...unchanged, users: [id('a')] });
  });
});

describe('user-assigned identities in a PUT', () => {
  it('are replaced by those listed', () => {
    const block = { type: 'UserAssigned', userAssignedIdentities: { [id('b')]: {}, [id('c')]: {} } };
    const replaced = { ...unchanged, added: [id('c')], removed: [id('a')], users: [id('b'), id('c')] };
    assert.deepEqual(next(has('a', 'b'), 'PUT', block), replaced);
  });
});

describe('user-assigned identities that cannot be', () => {
  it('are refused when they do not exist', () => {
    const block = { type: 'UserAssigned', userAssignedIdentities: { [id('gone')]: {} } };
    assert.equal(next(has('a'), 'PATCH', block), 'FailedIdentityOperation');
  });
  for (const type of ['UserAssigned', 'SystemAssigned, UserAssigned']) {
    it(`are refused when ${type} is left with none`, () => {
      assert.equal(next(noIdentity, 'PUT', { type }), 'MissingIdentityIds');
      const last = { type, userAssignedIdentities: { [id('a')]: null } };
      assert.equal(next(has('a'), 'PATCH', last), 'MissingIdentityIds');
    });
  }
});

describe('a user-assigned identity that was deleted while attached', () => {
  const none = () => undefined;
  it('stays until it is taken off, and does not keep others from being listed', () => {
    const block = { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [id('a')]: {} } };
    assert.deepEqual(next(has('a'), 'PATCH', block, none), { ...unchanged, createSystem: true, users: [id('a')] });
  });
  it('is attached anew when one of its name was made again: its principal is another', () => {
    const renewed = () => ({ principalId: 'new', clientId: 'new' });
    const block = { type: 'UserAssigned', userAssignedIdentities: { [id('a')]: {} } };
    const planned = plan(has('a'), 'PATCH', block, renewed);
    assert.deepEqual(isRefusal(planned) ? planned : planned.users, [
      { resourceId: id('a'), principalId: 'new', clientId: 'new' },
    ]);
    assert.deepEqual(isRefusal(planned) ? planned : planned.added, [id('a')]);
  });
});

describe('the right to assign', () => {
  it('is needed for identities that are newly listed only', () => {
    const request = parseIdentityRequest({
      type: 'UserAssigned',
      userAssignedIdentities: { [id('a').toUpperCase()]: {}, [id('b')]: {}, [id('c')]: null },
    });
    assert.ok(!isRefusal(request));
    assert.deepEqual(newlyListed({ current: has('a', 'c'), request, resolve: known }), [id('b')]);
  });
});

describe('the identity block of a resource', () => {
  it('is absent for none, and reads back as it was written', () => {
    assert.equal(formatResourceIdentity(noIdentity), undefined);
    const subsets = fc.subarray(['a', 'b', 'c']);
    fc.assert(
      fc.property(subsets, fc.boolean(), (names, own) => {
        const identity: ResourceIdentity = { ...has(...names), ...(own ? { system } : {}) };
        assert.deepEqual(parseResourceIdentity(formatResourceIdentity(identity)), identity);
      }),
    );
  });
  it('keeps what a PATCH does not mention, and is a set: no order or repetition matters', () => {
    const subsets = fc.subarray(['a', 'b', 'c']);
    fc.assert(
      fc.property(subsets, subsets, (before, listed) => {
        fc.pre(before.length + listed.length > 0);
        const block = {
          type: 'UserAssigned',
          userAssignedIdentities: Object.fromEntries(listed.map((name) => [id(name), {}])),
        };
        const planned = plan(has(...before), 'PATCH', block);
        assert.ok(!isRefusal(planned));
        const after = new Set(planned.users.map((user) => user.resourceId));
        assert.deepEqual(after, new Set([...before, ...listed].map(id)));
        assert.equal(planned.users.length, after.size);
      }),
    );
  });
});
