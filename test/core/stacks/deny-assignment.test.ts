import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts';
import { AccessRules } from '../../../src/core/rbac/access-rules.ts';
import { decide } from '../../../src/core/rbac/decide.ts';
import { parseDenyAssignment } from '../../../src/core/rbac/documents.ts';
import { denyAssignment, denyAssignmentId } from '../../../src/core/stacks/deny-assignment.ts';
import type { DenySettings } from '../../../src/core/stacks/deny-settings.ts';
import { denyStatusOf } from '../../../src/core/stacks/managed-resource.ts';
import type { EpochMillis } from '../../../src/core/time.ts';

const group = '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg1';
const stackId = `${group}/providers/Microsoft.Resources/deploymentStacks/s`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/a`;
const spared = 'aaaaaaaa-0000-4000-8000-000000000001';
const now = Date.parse('2026-11-23T12:00:00Z') as EpochMillis;

function made(mode: 'denyDelete' | 'denyWriteAndDelete', more: Partial<DenySettings> = {}): JsonObject {
  const settings = { excludedPrincipals: [], excludedActions: [], applyToChildScopes: false, ...more, mode };
  const by = { createdOn: now, updatedOn: now, principalId: 'owner' };
  return denyAssignment(stackId, account, settings, [{ id: spared, type: 'User' }], by);
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  assert.ok(isJsonObject(properties));
  return properties;
}

/** Which deny assignment forbids an action, of one whose rules hold nothing else. */
function denied(body: JsonObject, action: string, { scope = account, principal = 'owner', stack = '' } = {}): boolean {
  const rules = new AccessRules([]);
  const deny = parseDenyAssignment(body);
  assert.ok(deny !== undefined);
  rules.denials.put(deny);
  const facts = { now, ...(stack === '' ? {} : { stackId: stack }) };
  return decide(rules, { principals: [principal], action, scope, facts }).deny !== undefined;
}

const remove = 'Microsoft.Storage/storageAccounts/delete';
const write = 'Microsoft.Storage/storageAccounts/write';
const keys = 'Microsoft.Storage/storageAccounts/listKeys/action';

describe('the deny assignment of a managed resource', () => {
  it('is what Azure shows of one', () => {
    const body = made('denyDelete', { excludedActions: [remove, 'microsoft.authorization/locks/DELETE'] });
    const id = denyAssignmentId(stackId, account);
    const name = id.slice(-36);
    assert.match(name, /^[0-9a-f]{8}-[0-9a-f]{4}-5/, 'a version 5 GUID');
    assert.equal(body['id'], `${account}/providers/Microsoft.Authorization/denyAssignments/${name}`);
    const { createdOn: _c, updatedOn: _u, ...properties } = propertiesOf(body);
    assert.deepEqual(properties, {
      denyAssignmentName: `Deny assignment '${name}' created by Deployment Stack '${stackId}'.`,
      description: `Created by Deployment Stack '${stackId}'.`,
      permissions: [
        {
          actions: ['*/delete'],
          notActions: ['Microsoft.Authorization/locks/delete', remove],
          dataActions: [],
          notDataActions: [],
        },
      ],
      scope: account,
      doNotApplyToChildScopes: true,
      principals: [
        { id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined', displayName: 'All Principals' },
      ],
      excludePrincipals: [{ id: spared, type: 'User' }],
      isSystemProtected: true,
      createdBy: 'owner',
      updatedBy: 'owner',
    });
  });

  it('has the same id each time, another for another stack or resource', () => {
    const id = denyAssignmentId(stackId, account);
    assert.equal(denyAssignmentId(stackId.toUpperCase(), account).slice(-36), id.slice(-36));
    assert.notEqual(denyAssignmentId(`${stackId}1`, account).slice(-36), id.slice(-36));
    assert.notEqual(denyAssignmentId(stackId, `${account}1`).slice(-36), id.slice(-36));
  });

  it('denies deletions, and with denyDelete nothing else', () => {
    const body = made('denyDelete');
    assert.ok(denied(body, remove));
    assert.ok(!denied(body, write));
    assert.ok(!denied(body, keys));
    assert.ok(!denied(body, 'Microsoft.Authorization/locks/delete'));
  });

  it('denies with denyWriteAndDelete all but reads and the deletion of locks', () => {
    const body = made('denyWriteAndDelete');
    assert.ok(denied(body, remove) && denied(body, write) && denied(body, keys));
    assert.ok(!denied(body, 'Microsoft.Storage/storageAccounts/read'));
    assert.ok(!denied(body, 'Microsoft.Authorization/locks/delete'));
    assert.ok(!denied(made('denyWriteAndDelete', { excludedActions: [keys] }), keys));
    assert.ok(denied(made('denyWriteAndDelete', { excludedActions: [keys] }), write));
  });

  it('denies on the resource itself, on what is below it only when told so', () => {
    const below = { scope: `${account}/blobServices/default` };
    assert.ok(!denied(made('denyDelete'), remove, below));
    assert.ok(denied(made('denyDelete', { applyToChildScopes: true }), remove, below));
    assert.ok(
      !denied(made('denyDelete', { applyToChildScopes: true }), remove, { scope: `${account}1` }),
      'a beside a1',
    );
    assert.ok(!denied(made('denyDelete', { applyToChildScopes: true }), remove, { scope: group }));
  });

  it('spares the excluded, and the stack that made it', () => {
    const body = made('denyDelete');
    assert.ok(!denied(body, remove, { principal: spared.toUpperCase().toLowerCase() }));
    assert.ok(denied(body, remove, { principal: 'bbbbbbbb-0000-4000-8000-000000000001' }));
    assert.ok(!denied(body, remove, { stack: stackId.toUpperCase() }));
    assert.ok(denied(body, remove, { stack: `${stackId}1` }), 's beside s1');
    const { stackId: _, ...nobodys } = body;
    assert.ok(denied(nobodys, remove, { stack: stackId }), 'one that no stack made holds for every stack');
  });
});

describe('the deny status of a resource', () => {
  const mode = 'denyDelete' as const;
  it('is the mode at and below the scope of the stack, and inapplicable elsewhere', () => {
    assert.equal(denyStatusOf(account, group, { mode }), mode);
    assert.equal(denyStatusOf(account.toUpperCase(), group, { mode }), mode);
    assert.equal(denyStatusOf(account, `${group}0`, { mode }), 'inapplicable', 'rg1 beside rg10');
    assert.equal(denyStatusOf(account.replace('rg1', 'rg10'), group, { mode }), 'inapplicable');
    assert.equal(denyStatusOf(account, '/providers/Microsoft.Management/managementGroups/m', { mode }), 'inapplicable');
    assert.equal(denyStatusOf(account, group, { mode: 'none' }), 'none');
  });
});
