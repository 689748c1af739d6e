import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

const group = 'js-governed';
let postern: RunningPostern;
let seen: Readonly<Record<string, unknown>>;

before(async () => {
  postern = await startPostern();
  const { environment } = postern;
  const program = resolve(import.meta.dirname, 'javascript-governance.ts');
  // The program runs in a process of its own, since NODE_EXTRA_CA_CERTS is read at start.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: environment.ca };
  const result = runProgram(process.execPath, [program], JSON.stringify({ ...environment, group }), env);
  assert.equal(result.status, 0, result.stderr);
  seen = JSON.parse(result.stdout);
});
after(() => postern?.stop());

describe('@azure/arm-managementgroups 2.0.2', () => {
  it('managementGroups: beginCreateOrUpdateAndWait, get, list, update', () => {
    const { created, shown, listed, updated, cycle } = seen;
    assert.deepEqual([created, shown], ['One', ['js1', postern.environment.tenantId]]);
    assert.deepEqual([listed, updated, cycle], [['js1', 'js2'], 'Two', 'BadRequest']);
  });
  it('managementGroupSubscriptions: create, delete; listDescendants; entities.list; checkNameAvailability', () => {
    const { subscriptionId, tenantId } = postern.environment;
    assert.equal(seen['added'], '/providers/Microsoft.Management/managementGroups/js2');
    assert.deepEqual((seen['descendants'] as string[]).toSorted(), [subscriptionId, 'js2'].toSorted());
    assert.deepEqual((seen['entities'] as string[]).toSorted(), [subscriptionId, tenantId, 'js1', 'js2'].toSorted());
    assert.equal(seen['name'], 'AlreadyExists');
  });
  it('managementGroups: beginDeleteAndWait, refused while there are children', () => {
    assert.deepEqual([seen['withChildren'], seen['left']], ['BadRequest', 0]);
  });
});

describe('@azure/arm-locks 2.1.0', () => {
  it('managementLocks: create, list and get at three kinds of scope, and what they refuse', () => {
    const { locked, locks, refused, byScope, readOnly } = seen;
    assert.deepEqual([locked, locks, byScope], ['keep', ['all', 'hold'], 'CanNotDelete']);
    assert.deepEqual([refused, readOnly], ['ScopeLocked', 'ScopeLocked']);
  });
  it('managementLocks: delete, after which the group goes', () => {
    assert.deepEqual(seen['gone'], { body: false });
  });
});

describe('@azure/arm-monitor: activityLogs', () => {
  it('activityLogs.list shows the writes and what the locks refused', () => {
    const operations = seen['operations'] as string[];
    const resources = 'microsoft.resources/subscriptions/resourcegroups';
    for (const operation of ['microsoft.authorization/locks/write', 'microsoft.authorization/locks/delete']) {
      assert.ok(operations.includes(operation), operation);
    }
    assert.ok(operations.includes(`${resources}/write`) && operations.includes(`${resources}/delete`));
    assert.deepEqual(seen['failures'], [true, true]);
  });
});
