import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { tellOperator } from '../../src/cli/operator-client.ts';
import type { OperatorDoor } from '../../src/host/operator/wire.ts';
import { makePlace, type Place } from './running.ts';

describe('a host that was named a collector of OpenTelemetry’s', () => {
  let place: Place;
  const posted: string[] = [];
  const server = createServer(async (request, response) => {
    posted.push(`${request.headers['api-key']} ${await text(request)}`);
    response.end('{}');
  });
  let otlpEndpoint = '';

  before(async () => {
    place = await makePlace();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    otlpEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.close();
    await place.remove();
  });

  /** Starts, asks for a token as the console by App Service's door, and stops. */
  const serveOnce = async (resource: string): Promise<void> => {
    const host = await place.start({ machines: 'doors', otlpEndpoint, otlpHeaders: { 'api-key': 'k' } });
    await host.machinesReady;
    const opened = await tellOperator<OperatorDoor>(place.dataDir, 'machineDoor', {
      machine: 'console',
      door: 'app-service',
    });
    assert.ok('answer' in opened);
    const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: secret = '' } = opened.answer.variables;
    const query = new URLSearchParams({ 'api-version': '2019-08-01', resource });
    const answer = await fetch(`${endpoint}?${query}`, { headers: { 'x-identity-header': secret } });
    assert.equal(answer.status, 200);
    await host.stop();
  };

  it('has posted each sign-in by the time it has stopped, and after a restart only the next ones', async () => {
    await serveOnce('https://vault.azure.net');
    assert.deepEqual([posted.length, /^k .*https:\/\/vault\.azure\.net/.test(posted[0] ?? '')], [1, true]);
    await serveOnce('https://storage.azure.com');
    assert.equal(posted.length, 2);
    assert.match(posted[1] ?? '', /https:\/\/storage\.azure\.com/);
    assert.doesNotMatch(posted[1] ?? '', /vault/);
  });
});
