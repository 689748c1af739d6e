import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Behalf } from '../../src/arm/provider-contract.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { openDoor, origin, subscription, type TestDoor } from './kit/door.ts';
import * as ports from './kit/ports.ts';

const group = `${subscription}/resourceGroups/rg1`;
const storage = `${group}/providers/Microsoft.Storage/storageAccounts/a`;
const apiVersion = '2023-01-01';
const correlationId = '99999999-9999-4999-8999-999999999999';
const put = { method: 'PUT', path: storage, apiVersion, body: { location: 'eastus', properties: {} } } as const;

let door: TestDoor;
beforeEach(async () => {
  door = await openDoor();
  await door.ask('PUT', `${group}?api-version=2021-04-01`, { body: { location: 'eastus' } });
});
afterEach(() => door.close());

const behalfOf = (principal: string, more: Partial<Behalf> = {}): Behalf => ({
  caller: ports.tokenOf(principal),
  correlationId,
  origin,
  ...more,
});

/** What an inner request came to: its status, or the code that it was refused with. */
async function outcomeOf(request: Parameters<TestDoor['app']['inner']['ask']>[1], behalf = behalfOf('owner')) {
  const answer = await door.app.inner.ask(behalf, request);
  return isRefusal(answer) ? answer.refused : answer.status;
}

describe('a request from within', () => {
  it('passes the stages of the front door, and is recorded as its caller’s', async () => {
    assert.equal(await outcomeOf(put), 201);
    assert.equal(await outcomeOf(put), 200);
    const own = door.events.filter(({ resourceId }) => resourceId === storage);
    assert.deepEqual(
      own.map((event) => [event.caller, event.correlationId, event.status]),
      ['Started', 'Succeeded', 'Started', 'Succeeded'].map((status) => ['owner', correlationId, status]),
    );
  });

  it('is refused as over the wire: permission, group, version, path, method', async () => {
    door.principals.set('nobody', ports.application('nobody'));
    assert.equal(await outcomeOf(put, behalfOf('nobody')), 'AuthorizationFailed');
    assert.equal(await outcomeOf({ ...put, path: storage.replace('rg1', 'rg2') }), 'ResourceGroupNotFound');
    assert.equal(await outcomeOf({ ...put, apiVersion: '1999-01-01' }), 'NoRegisteredProviderFound');
    assert.equal(await outcomeOf({ ...put, path: `${storage}#x` }), 'InvalidRequestUri');
    assert.equal(
      await outcomeOf({ ...put, path: `${group}/providers/Contoso.Own/things/a` }),
      'InvalidResourceNamespace',
    );
    assert.equal(await outcomeOf({ ...put, path: `${storage}\ud800` }), 201, 'what is no text becomes one');
  });

  it('stands as long as its caller does', async () => {
    door.principals.set('owner', ports.application('owner', { accountEnabled: false }));
    assert.equal(await outcomeOf(put), 'InvalidAuthenticationToken');
    door.principals.delete('owner');
    assert.equal(await outcomeOf(put), 'InvalidAuthenticationToken');
  });

  it('waits for what it sets going', async () => {
    await outcomeOf(put);
    const request = { method: 'DELETE', path: group, apiVersion: '2021-04-01' } as const;
    assert.equal(await outcomeOf(request), 202);
    assert.equal((await door.ask('GET', `${group}?api-version=2021-04-01`)).status, 404);
  });

  it('says which user of which machine acted', async () => {
    const actor = {
      userName: 'alice',
      uid: 1001,
      machineResourceId: `${group}/providers/Microsoft.Compute/virtualMachines/web-1`,
    };
    await outcomeOf(put, behalfOf('owner', { caller: ports.tokenOf('owner', { actor }) }));
    const [event] = door.events.filter(({ resourceId }) => resourceId === storage);
    assert.match(JSON.stringify(event?.body['posternActor']), /"userName":"alice"/);
  });

  it('keeps its secrets out of the log', async () => {
    const body = { location: 'eastus', tags: { hint: 'say open-sesame twice' }, properties: {} };
    assert.equal(await outcomeOf({ ...put, body }, behalfOf('owner', { secrets: new Set(['open-sesame']) })), 201);
    assert.doesNotMatch(JSON.stringify(door.events), /open-sesame/);
  });

  it('can be judged before it is made, without a trace', async () => {
    door.principals.set('nobody', ports.application('nobody'));
    const before = door.events.length;
    assert.equal(await door.app.inner.judge(behalfOf('owner'), put), undefined);
    assert.equal((await door.app.inner.judge(behalfOf('nobody'), put))?.refused, 'AuthorizationFailed');
    assert.equal(door.events.length, before);
    assert.equal((await door.ask('GET', `${storage}?api-version=${apiVersion}`)).status, 404);
  });
});
