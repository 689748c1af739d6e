import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { EpochMillis } from '../../src/core/time.ts';
import { type OriginListener, originListener } from '../../src/host/listeners.ts';
import { systemClock, systemRandom } from '../../src/host/system.ts';
import { type KeyedCertificate, makeAuthority, makeServerCertificate } from '../../src/host/tls/authority.ts';
import { certificateAuthority } from '../../src/host/tls/certificate-authority.ts';
import { originApp } from '../../src/http/origin-app.ts';

const authority = await makeAuthority(systemClock, systemRandom);
const server = await makeServerCertificate(authority, ['localhost'], systemClock, systemRandom);

/** Answers what it was asked, body and all. */
const echo = async (request: Request) => new Response(`${request.method} '${await request.text()}'`);
const services = originApp({ arm: echo, sts: echo, graph: echo, report: (_, error) => assert.fail(String(error)) });

let listener: OriginListener;
let port: number;
before(async () => {
  // Answers the serial number of the certificate that the connection shows.
  listener = originListener(server, authority.certificate, {
    arm: async (_, { incoming }) => {
      const serial = (incoming.socket as TLSSocket).getPeerX509Certificate()?.serialNumber ?? 'none';
      return { status: 200, headers: { 'Content-Length': String(serial.length) }, body: serial };
    },
    fetch: (request) => services.fetch(request),
    report: (error) => assert.fail(String(error)),
  });
  port = await listener.listen('127.0.0.1', 0);
});
after(() => listener.close(0));

/** A certificate for clients by an authority, with its key. */
async function clientCertificate(by: KeyedCertificate): Promise<KeyedCertificate> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = systemClock.now();
  const der = await certificateAuthority(by).issue({
    subject: [['CN', 'client']],
    serialNumber: systemRandom.bytes(8).map((byte, at) => (at === 0 ? 0x40 : byte)),
    notBefore: (now - 60_000) as EpochMillis,
    notAfter: (now + 60_000) as EpochMillis,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }),
    clientOnly: true,
  });
  const certificate = new X509Certificate(der).toString();
  return { certificate, key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** Asks on a connection of its own; `session` is one that was had before. */
function ask(
  client?: KeyedCertificate,
  session?: Buffer,
): Promise<{ body: string; session: Buffer; resumed: boolean }> {
  return new Promise((resolve, reject) => {
    const shown = client === undefined ? {} : { cert: client.certificate, key: client.key };
    const options = {
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: authority.certificate,
      agent: false,
    } as const;
    let latest: Buffer = Buffer.alloc(0);
    const asking = request({ ...options, ...shown, ...(session ? { session } : {}), path: '/subscriptions' });
    asking.on('socket', (socket) => socket.on('session', (given: Buffer) => (latest = given)));
    asking.on('response', async (response: IncomingMessage) => {
      const resumed = (response.socket as TLSSocket).isSessionReused();
      resolve({ body: await text(response), session: latest, resumed });
    });
    asking.on('error', reject).end();
  });
}

describe('the origin', () => {
  it('serves a client that shows no certificate', async () => {
    assert.equal((await ask()).body, 'none');
  });

  it('tells the services which certificate a client shows, whoever issued it', async () => {
    for (const issuer of [authority, await makeAuthority(systemClock, systemRandom)]) {
      const client = await clientCertificate(issuer);
      assert.equal((await ask(client)).body, new X509Certificate(client.certificate).serialNumber);
    }
  });

  it('remembers the certificate of a session that is taken up again', async () => {
    const client = await clientCertificate(authority);
    const first = await ask(client);
    const second = await ask(undefined, first.session);
    assert.equal(second.resumed, true);
    assert.equal(second.body, first.body);
  });
});

/** Asks a service that is served as `Request` and `Response`. */
function send(method: string, headers: Record<string, string>, chunks: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', servername: 'localhost', ca: authority.certificate, agent: false };
    const asking = request({ ...options, method, headers, path: '/v1.0/applications' });
    asking.on('response', (response) => resolve(text(response))).on('error', reject);
    for (const chunk of chunks) asking.write(chunk);
    asking.end();
  });
}

describe('a request to a service behind the origin', () => {
  it('needs no declared length: DELETE without a body, as fetch and Go send it', async () => {
    assert.equal(await send('DELETE', {}, []), "DELETE ''");
  });
  it('may have its body in chunks', async () => {
    assert.equal(await send('POST', { 'transfer-encoding': 'chunked' }, ['one', 'two']), "POST 'onetwo'");
    assert.equal(await send('PATCH', { 'transfer-encoding': 'chunked' }, []), "PATCH ''");
  });
  it('may declare the length of its body', async () => {
    assert.equal(await send('POST', { 'content-length': '3' }, ['one']), "POST 'one'");
  });
});
