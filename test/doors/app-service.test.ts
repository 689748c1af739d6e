import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { isRefusal } from '../../src/core/refusal.ts';
import { doorsOver } from '../../src/doors/doors.ts';
import { doorPorts, machine, now, resource, statusOfTarget } from './opened.ts';

const { ports, asked, state } = doorPorts('/nowhere');
const doors = doorsOver(ports);
after(() => doors.close());
const door = await doors.open(machine, 'app-service');
assert.ok(!isRefusal(door));
const { IDENTITY_ENDPOINT: endpoint = '', IDENTITY_HEADER: secret = '' } = door.variables;

const ask = async (
  query: Record<string, string>,
  headers: Record<string, string> = { 'X-IDENTITY-HEADER': secret },
) => {
  const response = await fetch(`${endpoint}?${new URLSearchParams(query)}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const good = { 'api-version': '2019-08-01', resource };

describe("App Service's endpoint", () => {
  it('answers with the token of the system-assigned identity, every value a text', async () => {
    const { status, body } = await ask(good);
    assert.equal(status, 200);
    assert.deepEqual(body, {
      access_token: 'a.b.c',
      client_id: 'system',
      expires_on: String(now / 1000 + 86_400),
      not_before: String(now / 1000 - 300),
      resource,
      token_type: 'Bearer',
    });
    assert.deepEqual([asked.at(-1)?.systemAssignedOnly, asked.at(-1)?.machineResourceId], [true, machine]);
  });

  it('takes each spelling of a selector, one at a time', async () => {
    for (const name of ['client_id', 'CLIENT_ID'])
      assert.equal((await ask({ ...good, [name]: 'client-2' })).status, 200);
    for (const [name, selector] of [
      ['principal_id', 'objectId'],
      ['object_id', 'objectId'],
      ['mi_res_id', 'msiResId'],
    ] as const) {
      await ask({ ...good, [name]: 'x' });
      assert.deepEqual(asked.at(-1)?.selectors, { [selector]: 'x' });
    }
    const two = await ask({ ...good, client_id: 'client-2', mi_res_id: 'x' });
    assert.equal(two.status, 400);
    assert.match(two.body['message'] ?? '', /'client_id' and 'mi_res_id'/);
    assert.match((await ask({ ...good, client_id: 'other' })).body['message'] ?? '', /No User Assigned or Delegated/);
  });

  it('answers the older api-version with its header and its way of writing a time', async () => {
    const older = { 'api-version': '2017-09-01', resource, clientid: 'client-2' };
    const { body } = await ask(older, { secret });
    assert.equal(body['expires_on'], '11/25/2026 12:00:00 +00:00');
    assert.equal((await ask(older)).status, 401, 'the newer header is not the older one');
  });

  it('is closed to who lacks the secret, asks through a proxy or asks for nothing', async () => {
    const wrong = [{}, { 'X-IDENTITY-HEADER': `${secret}0` }, { 'X-IDENTITY-HEADER': secret.toLowerCase() }];
    for (const headers of wrong) assert.equal((await ask(good, headers as Record<string, string>)).status, 401);
    const forwarded = { 'X-IDENTITY-HEADER': secret, 'X-Forwarded-For': '10.0.0.1' };
    assert.equal((await ask(good, forwarded)).status, 400);
    assert.equal((await ask({ resource })).status, 400);
    assert.equal((await ask({ 'api-version': '2019-08-01' })).status, 400);
    assert.equal((await ask({ ...good, 'api-version': '2018-02-01' })).status, 400);
    const posted = await fetch(`${endpoint}?${new URLSearchParams(good)}`, { method: 'POST' });
    assert.equal(posted.status, 405);
    assert.equal((await fetch(endpoint.replace('/msi/token', '/other'))).status, 404);
    for (const target of ['//', '/', '/msi', '/msi/token/x']) assert.equal(await statusOfTarget(endpoint, target), 404);
  });

  it('answers for a machine that runs only', async () => {
    state.running = false;
    assert.equal((await ask(good)).status, 404);
    state.running = true;
    assert.equal((await ask(good)).status, 200);
  });

  it('shows who is denied by access control what it says', async () => {
    state.denied = true;
    const { status, body } = await ask(good);
    state.denied = false;
    assert.deepEqual([status, body['message']], [403, 'This caller is denied. Ask whoever administers it']);
    assert.equal((await ask(good)).status, 200);
  });

  it('is the same when it is opened again, and another for another machine', async () => {
    const again = await doors.open(machine.toUpperCase(), 'app-service');
    assert.deepEqual(!isRefusal(again) && again.variables, door.variables);
    const other = await doors.open(`${machine}2`, 'app-service');
    assert.ok(!isRefusal(other));
    assert.notEqual(other.variables['IDENTITY_HEADER'], secret);
    assert.notEqual(other.variables['IDENTITY_ENDPOINT'], endpoint);
  });
});

describe('the pod-identity door', () => {
  it("leads to the machine's metadata service while it runs", async () => {
    const opened = await doors.open(machine, 'imds');
    assert.ok(!isRefusal(opened));
    const host = opened.variables['AZURE_POD_IDENTITY_AUTHORITY_HOST'] ?? '';
    assert.equal(await (await fetch(`${host}/metadata/versions`)).text(), 'ok');
    state.running = false;
    await assert.rejects(fetch(`${host}/metadata/versions`));
    state.running = true;
  });
});
