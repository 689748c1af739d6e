import assert from 'node:assert/strict';
import { readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { AdminCredentials } from '../../src/host/admin.ts';
import { HostTaken, type RunningHost } from '../../src/host/start.ts';
import { ask, dataPaths, makePlace, type Place, tokenForm } from './running.ts';

describe('the first start of a data directory', () => {
  let place: Place;
  let host: RunningHost;
  let ca: string;
  let token: string;

  before(async () => {
    place = await makePlace();
    host = await place.start();
    ca = await readFile(`${host.paths.tls}/ca.pem`, 'utf8');
    token = await takeToken(host, ca);
  });
  after(async () => {
    await host?.stop();
    await place.remove();
  });
  const arm = (target: string) => ask(host.origin, ca, target, { headers: { authorization: `Bearer ${token}` } });

  it('makes one subscription, which the administrator sees', async () => {
    const { status, body } = await arm('/subscriptions?api-version=2022-12-01');
    const { value } = JSON.parse(body) as { value: { subscriptionId: string; tenantId: string }[] };
    assert.equal(status, 200);
    assert.deepEqual(
      value.map(({ subscriptionId, tenantId }) => [subscriptionId, tenantId]),
      [[host.subscriptionId, host.tenantId]],
    );
  });

  it('makes the machine console, whose identity owns the subscription', async () => {
    await host.machinesReady;
    const id = `/subscriptions/${host.subscriptionId}/resourceGroups/postern/providers/Microsoft.Compute/virtualMachines/console`;
    const machine = JSON.parse((await arm(`${id}?api-version=2024-11-01`)).body);
    assert.equal(machine.identity.type, 'SystemAssigned');
    const list = `/subscriptions/${host.subscriptionId}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01`;
    const { value } = JSON.parse((await arm(list)).body) as {
      value: { properties: { principalId: string; roleDefinitionId: string } }[];
    };
    const owner = value.find(({ properties }) => properties.principalId === machine.identity.principalId);
    assert.match(owner?.properties.roleDefinitionId ?? '', /8e3af657-a8ff-443c-a75c-2fe8c4bcb635$/);
  });

  it('lets the administrator read the directory', async () => {
    const { status } = await arm('/v1.0/servicePrincipals');
    assert.equal(status, 200);
  });

  it('takes bodies in chunks, and requests that could have a body and have none', async () => {
    const { body, ...form } = tokenForm(host.origin, await readCredentials(place.dataDir));
    const headers = { ...form.headers, 'transfer-encoding': 'chunked' };
    const target = `/${host.tenantId}/oauth2/v2.0/token`;
    assert.equal((await ask(host.origin, ca, target, { ...form, headers, body })).status, 200);
    const missing = '/v1.0/groups/00000000-0000-4000-8000-000000000000';
    const authorized = { headers: { authorization: `Bearer ${token}` } };
    assert.equal((await ask(host.origin, ca, missing, { ...authorized, method: 'DELETE' })).status, 404);
  });

  it('answers a caller without a token 401', async () => {
    assert.equal((await ask(host.origin, ca, '/subscriptions?api-version=2022-12-01')).status, 401);
  });

  it('keeps the secret and the socket for the owner alone, and logs neither secret nor token', async () => {
    const credentials = await readCredentials(place.dataDir);
    for (const file of [host.paths.adminCredentials, host.paths.operatorSocket, host.paths.store]) {
      assert.equal((await stat(file)).mode & 0o777, 0o600, file);
    }
    assert.equal((await stat(place.dataDir)).mode & 0o777, 0o700);
    const log = JSON.stringify(place.logged);
    assert.ok(!log.includes(credentials.clientSecret) && !log.includes(token));
  });

  it('refuses a second start on the same data directory, naming the process that has it', async () => {
    await assert.rejects(
      place.start(),
      (error) => error instanceof HostTaken && error.message.includes(`${process.pid}`),
    );
    assert.equal((await arm('/subscriptions?api-version=2022-12-01')).status, 200, 'the first one still serves');
  });

  it('is what the next start finds: same tenant, subscription, authority and administrator', async () => {
    const credentials = await readCredentials(place.dataDir);
    await host.stop();
    const again = await place.start();
    assert.deepEqual([again.tenantId, again.subscriptionId], [host.tenantId, host.subscriptionId]);
    host = again;
    assert.equal(await readFile(`${host.paths.tls}/ca.pem`, 'utf8'), ca);
    assert.deepEqual(await readCredentials(place.dataDir), credentials);
    token = await takeToken(host, ca);
  });

  it('gives the administrator a new secret when its file is gone', async () => {
    const before = await readCredentials(place.dataDir);
    await host.stop();
    await rm(host.paths.adminCredentials);
    host = await place.start();
    const now = await readCredentials(place.dataDir);
    assert.equal(now.clientId, before.clientId);
    assert.notEqual(now.clientSecret, before.clientSecret);
    await takeToken(host, ca);
  });
});

describe('a host on which no machine can be made', () => {
  it('serves everything else, and makes the console at a later start that can', async () => {
    const place = await makePlace();
    const without = await place.start({ machines: false });
    const ca = await readFile(`${without.paths.tls}/ca.pem`, 'utf8');
    await takeToken(without, ca);
    assert.ok(place.logged.some(({ event }) => event === 'no console'));
    await without.stop();
    place.logged.length = 0;
    const host = await place.start();
    const id = `/subscriptions/${host.subscriptionId}/resourceGroups/postern/providers/Microsoft.Compute/virtualMachines/console`;
    const headers = { authorization: `Bearer ${await takeToken(host, ca)}` };
    assert.equal((await ask(host.origin, ca, `${id}?api-version=2024-11-01`, { headers })).status, 200);
    await host.stop();
    await place.remove();
  });
});

describe('a port in use', () => {
  it('is refused by name, and the data directory is let go', async () => {
    const place = await makePlace();
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const start = place.start({ port });
    await assert.rejects(start, (error) => error instanceof HostTaken && error.message.includes(`port ${port}`));
    squatter.close();
    const host = await place.start();
    await host.stop();
    await place.remove();
  });
});

async function readCredentials(dataDir: string): Promise<AdminCredentials> {
  return JSON.parse(await readFile(dataPaths(dataDir).adminCredentials, 'utf8')) as AdminCredentials;
}

async function takeToken(host: RunningHost, ca: string): Promise<string> {
  const form = tokenForm(host.origin, await readCredentials(host.paths.root));
  const { status, body } = await ask(host.origin, ca, `/${host.tenantId}/oauth2/v2.0/token`, form);
  assert.equal(status, 200, body);
  return (JSON.parse(body) as { access_token: string }).access_token;
}
