import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { formatBinding } from '../../../src/core/identity/credential-binding.ts';
import type { CertificateAuthority, CertificateFacts } from '../../../src/core/ports/certificate-authority.ts';
import type { MachineView } from '../../../src/core/ports/machines.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { refuseOwnToken } from '../../../src/core/token/federated-assertion.ts';
import { systemRandom } from '../../../src/host/system.ts';
import { makeAuthority } from '../../../src/host/tls/authority.ts';
import { certificateAuthority } from '../../../src/host/tls/certificate-authority.ts';
import { thumbprintOf } from '../../../src/sts/client-authentication/tls-certificate.ts';
import { setClock } from '../../directory/opened.ts';
import { decodeToken, jsonOf, openedTokenService } from '../opened.ts';

const clock = setClock();
const authority = certificateAuthority(await makeAuthority(clock, systemRandom));
const machines = new Map<string, MachineView>();
const service = await openedTokenService({
  machineCertificates: {
    authorityCertificate: authority.certificate,
    machine: (resourceId) => machines.get(resourceId.toLowerCase()),
  },
});
after(service.close);

const group = '/subscriptions/5e0b7b5c-0000-4000-8000-000000000001/resourceGroups/rg1';
const machine = `${group}/providers/Microsoft.Compute/virtualMachines/web-1`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`;
const system = await makePrincipal(machine, false);
const user = await makePrincipal(identity, true);
attach();

async function makePrincipal(resourceId: string, isExplicit: boolean) {
  const planned = service.directory.planManagedIdentity({ resourceId, displayName: 'web-1', isExplicit });
  await service.store.transact(planned.writes);
  return planned.principal;
}

type Principal = typeof system;

function attach(vmId = 'v1', ...left: readonly Principal[]): void {
  const of = (kind: 'systemAssigned' | 'userAssigned', principal: Principal, resourceId: string) => ({
    kind,
    principalId: principal.objectId,
    clientId: principal.appId,
    resourceId,
  });
  const all = [of('systemAssigned', system, machine), of('userAssigned', user, identity)];
  const identities = all.filter(({ principalId }) => !left.some(({ objectId }) => objectId === principalId));
  machines.set(machine.toLowerCase(), { resourceId: machine, vmId, identities, resource: {} });
}

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const hourMillis = 3_600_000;

/** A certificate as the metadata service issues it, with other facts where they are given. */
async function certificateOf(
  principal: Principal,
  more: Partial<CertificateFacts> = {},
  by: CertificateAuthority = authority,
) {
  const now = service.clock.now();
  const binding = { principalId: principal.objectId, vmId: 'v1', machineResourceId: machine };
  const der = await by.issue({
    subject: [['CN', principal.appId]],
    serialNumber: systemRandom.bytes(8).map((byte, at) => (at === 0 ? 0x40 : byte)),
    notBefore: (now - hourMillis) as EpochMillis,
    notAfter: (now + hourMillis) as EpochMillis,
    publicKey: keys.publicKey.export({ format: 'der', type: 'spki' }),
    clientOnly: true,
    uris: [formatBinding(binding)],
    ...more,
  });
  return new X509Certificate(der);
}

const url = `https://mtlsauth.microsoft.com/${service.tenantId}/oauth2/v2.0/token`;
const arm = 'https://management.azure.com/';

async function ask(
  principal: Principal,
  certificate: X509Certificate | undefined,
  fields: Record<string, string> = {},
) {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: principal.appId,
    scope: `${arm}/.default`,
    token_type: 'mtls_pop',
    ...fields,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const connection = { incoming: { socket: { getPeerX509Certificate: () => certificate } } };
  const response = await service.app.fetch(new Request(url, { method: 'POST', body, headers }), connection);
  return { status: response.status, body: await jsonOf(response) };
}

/** The number of the refusal. */
async function refusalOf(...asked: Parameters<typeof ask>): Promise<unknown> {
  const { status, body } = await ask(...asked);
  assert.equal(status, 401, JSON.stringify(body));
  assert.equal(body['error'], 'invalid_client');
  return (body['error_codes'] as readonly number[])[0];
}

describe("a machine's certificate on the TLS connection", () => {
  it('gets a token that is bound to it', async () => {
    const certificate = await certificateOf(system);
    const { status, body } = await ask(system, certificate);
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body['token_type'], 'mtls_pop');
    const { claims } = decodeToken(body['access_token']);
    assert.deepEqual(claims['cnf'], { 'x5t#S256': thumbprintOf(certificate) });
    assert.equal(claims['oid'], system.objectId);
    assert.equal(claims['appidacr'], '2');
    assert.match(String(claims['xms_mirid']), /virtualMachines\/web-1$/);
    assert.equal(claims['xms_az_rid'], undefined);
  });

  it('gets a token of a user-assigned identity that names the machine', async () => {
    const { body } = await ask(user, await certificateOf(user));
    const { claims } = decodeToken(body['access_token']);
    assert.match(String(claims['xms_mirid']), /userAssignedIdentities\/id1$/);
    assert.match(String(claims['xms_az_rid']), /virtualMachines\/web-1$/);
  });

  it('gets a plain token where none bound is asked for', async () => {
    for (const token_type of ['', 'bearer', 'Bearer']) {
      const { body } = await ask(system, await certificateOf(system), { token_type });
      assert.equal(body['token_type'], 'Bearer');
      assert.equal(decodeToken(body['access_token']).claims['cnf'], undefined);
    }
  });

  it('gets a token that ends with it', async () => {
    const { body } = await ask(system, await certificateOf(system));
    assert.equal(body['expires_in'], 3600 - 1);
    const long = { notAfter: (service.clock.now() + 48 * hourMillis) as EpochMillis };
    assert.equal((await ask(system, await certificateOf(system, long))).body['expires_in'], 86_400 - 1);
  });

  it('is refused outside its time', async () => {
    const { clock: now } = service;
    const over = await certificateOf(system, { notAfter: (Math.floor(now.now() / 1000) * 1000) as EpochMillis });
    const early = await certificateOf(system, { notBefore: (now.now() + 2000) as EpochMillis });
    for (const certificate of [over, early]) assert.equal(await refusalOf(system, certificate), 1000610);
  });

  it('is refused from another issuer, and where it is of another kind', async () => {
    const other = certificateAuthority(await makeAuthority(clock, systemRandom));
    const foreign = [
      await certificateOf(system, {}, other),
      await certificateOf(system, { uris: [] }),
      await certificateOf(system, { uris: ['urn:other'] }),
      await certificateOf(system, { clientOnly: false }),
      new X509Certificate(authority.certificate),
    ];
    for (const certificate of foreign) assert.equal(await refusalOf(system, certificate), 1000611);
  });

  it('is refused for another client than its own', async () => {
    assert.equal(await refusalOf(user, await certificateOf(system)), 1000612);
  });

  it('is refused once the identity has left the machine, and on a new machine of the name', async () => {
    const certificate = await certificateOf(system);
    attach('v1', system);
    assert.equal(await refusalOf(system, certificate), 1000612);
    attach('v2');
    assert.equal(await refusalOf(system, certificate), 1000612);
    machines.clear();
    assert.equal(await refusalOf(system, certificate), 1000612);
    attach();
    assert.equal((await ask(system, certificate)).status, 200);
  });

  it('is no proof of an application', async () => {
    assert.equal(await refusalOf(service.principal, await certificateOf(system)), 1000612);
  });
});

describe('a token that is bound to a certificate', () => {
  const tokenOf = async (certificate: X509Certificate) => String((await ask(system, certificate)).body['access_token']);

  it('is accepted from who shows the certificate, and from nobody else', async () => {
    const certificate = await certificateOf(system);
    const token = await tokenOf(certificate);
    const verify = (shown?: () => string | undefined) => service.verifier.verify(token, [arm], shown);
    assert.equal('rejected' in (await verify(() => thumbprintOf(certificate))), false);
    const other = await certificateOf(system);
    for (const shown of [undefined, () => undefined, () => '', () => thumbprintOf(other)]) {
      assert.deepEqual(await verify(shown), { rejected: 'unbound' });
    }
  });

  it('is no assertion by federation, as it is without its key in hand', () => {
    const claims = { tid: service.tenantId, xms_az_rid: machine };
    assert.equal(refuseOwnToken(claims, user, service.tenantId), undefined);
    const bound = refuseOwnToken({ ...claims, cnf: { 'x5t#S256': 'x' } }, user, service.tenantId);
    assert.equal(bound?.refused, 'AADSTS700027');
  });
});

describe('a request for a bound token', () => {
  it('is refused without a certificate', async () => {
    assert.equal(await refusalOf(system, undefined), 7000216);
  });

  it('is refused with another proof', async () => {
    for (const proof of [{ client_secret: service.secret }, { client_secret: 'x' }]) {
      const { status, body } = await ask(service.principal, await certificateOf(system), proof);
      assert.deepEqual([status, body['error_codes']], [400, [90100]]);
    }
  });

  it('is refused for another type of token', async () => {
    for (const token_type of ['pop', 'MTLS_POP', 'x']) {
      const { status, body } = await ask(system, await certificateOf(system), { token_type });
      assert.deepEqual([status, body['error_codes']], [400, [90100]]);
    }
  });

  it('leaves a secret the proof that it was, whatever the connection shows', async () => {
    const fields = { client_secret: service.secret, token_type: 'bearer' };
    const { body } = await ask(service.principal, await certificateOf(system), fields);
    assert.equal(decodeToken(body['access_token']).claims['appidacr'], '1');
  });

  it('is answered by the issuer of every other token of the identity', async () => {
    const certificate = await certificateOf(system);
    const { body } = await ask(system, certificate);
    assert.equal(decodeToken(body['access_token']).claims['iss'], `https://sts.windows.net/${service.tenantId}/`);
  });
});
