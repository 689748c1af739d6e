import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import type { Clock } from '../../src/core/ports/clock.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { systemRandom } from '../../src/host/system.ts';
import { ensureCaBundle } from '../../src/host/tls/ca-bundle.ts';
import { type Certificates, ensureCertificates } from '../../src/host/tls/certificates.ts';

const day = 86_400_000;
const start = Date.now();
const clockAt = (millis: number): Clock => ({ now: () => millis as EpochMillis });
const names = ['localhost', '127.0.0.1', '::1', 'management.azure.com'];

describe('the certificates of a data directory', () => {
  let root: string;
  let directory: string;
  let first: Certificates;
  const ensure = (millis = start, wanted: readonly string[] = names) =>
    ensureCertificates({ directory, names: wanted, clock: clockAt(millis), random: systemRandom });

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-tls-'));
    directory = join(root, 'tls');
    first = await ensure();
  });
  after(() => rm(root, { recursive: true, force: true }));

  it('names every host that clients use, in a certificate that the authority signed', () => {
    const server = new X509Certificate(first.server.certificate);
    const authority = new X509Certificate(first.authority);
    assert.ok(server.verify(authority.publicKey));
    assert.ok(authority.ca && !server.ca);
    assert.equal(server.checkHost('management.azure.com'), 'management.azure.com');
    assert.equal(server.checkHost('management.azure.org'), undefined);
    assert.equal(server.checkIP('::1'), '::1');
    assert.equal(server.checkIP('127.0.0.2'), undefined);
  });

  it('lives 397 days under an authority of ten years', () => {
    const lifetime = (pem: string) => {
      const certificate = new X509Certificate(pem);
      return (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / day;
    };
    assert.equal(lifetime(first.server.certificate), 397);
    assert.equal(lifetime(first.authority), 3650);
  });

  it('is accepted by a TLS client that trusts the authority, and by no other', async () => {
    const server = createServer({ key: first.server.key, cert: first.server.certificate }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const attempt = (ca: string[] | undefined) =>
      new Promise<string>((resolve) => {
        const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ...(ca ? { ca } : {}) });
        socket.once('secureConnect', () => resolve('trusted')).once('error', (error) => resolve(error.name));
        socket.once('close', () => undefined).on('secureConnect', () => socket.destroy());
      });
    assert.equal(await attempt([first.authority]), 'trusted');
    assert.equal(await attempt(undefined), 'Error');
    server.close();
  });

  it('keeps every file for its owner alone', async () => {
    for (const file of ['ca.pem', 'ca.key', 'server.pem', 'server.key']) {
      assert.equal((await stat(join(directory, file))).mode & 0o777, 0o600, file);
    }
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
  });

  it('is the same at the next start', async () => {
    assert.deepEqual(await ensure(start + 366 * day), first);
  });

  it('is renewed under the same authority when it ends within 30 days', async () => {
    const renewed = await ensure(start + 368 * day);
    assert.equal(renewed.authority, first.authority);
    assert.notEqual(renewed.server.certificate, first.server.certificate);
  });

  it('is renewed when a name is missing', async () => {
    const renewed = await ensure(start + 368 * day, [...names, 'build-7']);
    assert.ok(new X509Certificate(renewed.server.certificate).checkHost('build-7'));
  });

  it('is made again when a crash left a key beside another certificate', async () => {
    await writeFile(join(directory, 'server.key'), first.server.key);
    const { server } = await ensure(start + 368 * day);
    assert.notEqual(server.key, first.server.key);
  });

  it('is offered in a bundle together with the system authorities', async () => {
    const bundle = join(directory, 'bundle.pem');
    await ensureCaBundle(bundle, join(directory, 'ca.pem'));
    const text = await readFile(bundle, 'utf8');
    assert.ok(text.includes((await readFile(join(directory, 'ca.pem'), 'utf8')).trim()));
    assert.ok((text.match(/BEGIN CERTIFICATE/g) ?? []).length > 1);
  });
});
