import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { formatBinding, parseBinding } from '../../src/core/identity/credential-binding.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { parseCertificateRequest } from '../../src/imds/credentials/certificate-request.ts';
import { makeRequest, type RequestFacts } from './certificate-requests.ts';
import { authorityPem, type Imds, openImds, systemAssigned, tenantId, userAssigned, web1, web2 } from './fakes.ts';

const metadataPath = '/metadata/identity/getplatformmetadata?cred-api-version=2.0';
const issuePath = '/metadata/identity/issuecredential?cred-api-version=2.0';
const system = systemAssigned(web1);
const id1 = userAssigned('id1', '1');
const vmId = 'ffffffff-0000-4000-8000-000000000001';

const subject = [`CN = ${system.clientId}`, `DC = ${tenantId}`];
const facts: RequestFacts = { subject, cuId: JSON.stringify({ vmId }) };
const good = makeRequest(facts);

let imds: Imds;
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [system, id1], { location: 'westeurope' });
  imds.attach(web2, []);
});
afterEach(() => imds.close());

const post = (body: object | string, path = issuePath, machine = web1) =>
  imds.ask(path, { method: 'POST', machine, body: typeof body === 'string' ? body : JSON.stringify(body) });

async function refusalOf(body: object | string, path = issuePath, machine = web1): Promise<string> {
  const response = await post(body, path, machine);
  assert.equal(response.status, 400, response.text);
  assert.equal(response.json['error'], 'invalid_request');
  return response.json['error_description'] ?? '';
}

describe('the platform metadata', () => {
  it('is what a client puts into its request, no field empty', async () => {
    const response = await imds.ask(metadataPath);
    assert.deepEqual(response.json, {
      clientId: system.clientId,
      tenantId,
      cuId: { vmId },
      attestationEndpoint: 'https://shared.westeurope.attest.azure.net',
    });
    assert.match(String(response.headers['server']), /IMDS/);
  });

  it('is of the identity that is named, in each spelling', async () => {
    const names = [
      `client_id=${id1.clientId}`,
      `object_id=${id1.principalId}`,
      `msi_res_id=${encodeURIComponent(id1.resourceId)}`,
      `mi_res_id=${encodeURIComponent(id1.resourceId)}`,
    ];
    for (const name of names) {
      assert.equal((await imds.ask(`${metadataPath}&${name}`)).json['clientId'], id1.clientId);
    }
    const path = metadataPath.replace('getplatformmetadata', 'getPlatformMetadata');
    assert.equal((await imds.ask(path)).status, 200);
  });

  it('is refused for an identity that the machine does not have, and to a machine without one', async () => {
    assert.equal((await imds.ask(`${metadataPath}&client_id=${tenantId}`)).status, 400);
    assert.equal((await imds.ask(metadataPath, { machine: web2 })).json['error_description'], 'Identity not found');
  });

  for (const version of ['', '?cred-api-version=', '?cred-api-version=1.0', '?api-version=2.0']) {
    it(`is refused with '${version}' for a version`, async () => {
      const path = `/metadata/identity/getplatformmetadata${version}`;
      assert.equal((await imds.ask(path)).status, 400);
    });
  }

  it('is 400 without the header, by which clients know that it is there, and 405 by another method', async () => {
    assert.equal((await imds.ask(metadataPath, { headers: {} })).status, 400);
    assert.equal((await imds.ask(metadataPath, { method: 'POST' })).status, 405);
    assert.equal((await imds.ask(issuePath)).headers['allow'], 'POST');
  });
});

describe('a credential', () => {
  it('is a certificate for the key of the request, issued to the identity on this machine', async () => {
    const response = await post({ csr: good.csr });
    const { certificate, ...rest } = response.json;
    assert.deepEqual(rest, {
      client_id: system.clientId,
      tenant_id: tenantId,
      identity_type: 'SystemAssigned',
      mtls_authentication_endpoint: 'https://mtlsauth.microsoft.com',
    });
    const x509 = new X509Certificate(Buffer.from(certificate ?? '', 'base64'));
    assert.equal(x509.subject, `CN=${system.clientId}\nDC=${tenantId}`);
    assert.ok(x509.verify(new X509Certificate(authorityPem).publicKey));
    assert.deepEqual(x509.keyUsage, ['1.3.6.1.5.5.7.3.2']);
    assert.equal(x509.validToDate.getTime() - imds.now(), 7 * 86_400_000);
    assert.deepEqual(parseBinding(x509.subjectAltName?.slice('URI:'.length) ?? ''), {
      principalId: system.principalId,
      vmId,
      machineResourceId: web1,
    });
  });

  it('is of a user-assigned identity that is named', async () => {
    const { csr } = makeRequest({ ...facts, subject: [`CN = ${id1.clientId}`, `DC = ${tenantId}`] });
    const response = await post(
      { csr, attestation_token: '' },
      `${issuePath}&bypass_cache=true&client_id=${id1.clientId}`,
    );
    assert.deepEqual([response.json['identity_type'], response.json['client_id']], ['UserAssigned', id1.clientId]);
  });

  it('is issued anew each time', async () => {
    const [first, second] = [await post({ csr: good.csr }), await post({ csr: good.csr })];
    assert.deepEqual([first.status, second.status], [200, 200]);
  });

  it('may be asked for with the subject in the other order, and a cuId with an empty vmssId', async () => {
    const { csr } = makeRequest({ subject: subject.toReversed(), cuId: JSON.stringify({ vmId, vmssId: null }) });
    assert.equal((await post({ csr })).status, 200);
  });
});

describe('a certificate request', () => {
  const others: Readonly<Record<string, readonly [RequestFacts, RegExp]>> = {
    'of another client': [{ ...facts, subject: [`CN = ${id1.clientId}`, `DC = ${tenantId}`] }, /client id/],
    'of another tenant': [{ ...facts, subject: [`CN = ${system.clientId}`, `DC = ${vmId}`] }, /tenant/],
    'without a tenant': [{ ...facts, subject: [`CN = ${system.clientId}`] }, /subject/],
    'with two clients': [
      { ...facts, subject: [`0.CN = ${system.clientId}`, '1.CN = x', `DC = ${tenantId}`] },
      /client id/,
    ],
    'with an organisation besides': [{ ...facts, subject: [...subject, 'O = x'] }, /subject/],
    'of another machine': [{ ...facts, cuId: JSON.stringify({ vmId: tenantId }) }, /cuId/],
    'with a cuId that is no JSON': [{ ...facts, cuId: vmId }, /cuId/],
    'without a cuId': [{ subject }, /lacks the attribute/],
    'with a key of 1024 bits': [{ ...facts, key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'] }, /2048/],
    'with a key of 3072 bits': [{ ...facts, key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'] }, /2048/],
    'with an elliptic key': [
      { ...facts, key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], signature: ['-sha256'] },
      /2048/,
    ],
    'signed with PKCS #1': [{ ...facts, signature: ['-sha256'] }, /PSS/],
    'signed over SHA-512': [
      { ...facts, signature: ['-sha512', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'] },
      /signature/,
    ],
  };
  for (const [what, [other, why]] of Object.entries(others)) {
    it(`${what} is refused`, async () => {
      assert.match(await refusalOf({ csr: makeRequest(other).csr }), why);
    });
  }

  it('is refused when a bit of it is another', async () => {
    const bytes = Buffer.from(good.csr, 'base64');
    for (const at of [bytes.indexOf(system.clientId) + 2, bytes.length - 5]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await refusalOf({ csr: changed.toString('base64') });
    }
  });

  for (const csr of ['', 'x!', '-----BEGIN CERTIFICATE REQUEST-----', 'AAAA', 'A'.repeat(4097), 7, null, undefined]) {
    it(`is not ${String(csr).slice(0, 40)}`, async () => void (await refusalOf({ csr })));
  }

  it('never breaks the parser, whatever it is', () => {
    const near = Buffer.from(good.csr, 'base64');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.nat(near.length - 1).map((length) => near.subarray(0, length)),
      fc.tuple(fc.nat(near.length - 1), fc.nat(255)).map(([at, byte]) => {
        const changed = Buffer.from(near);
        changed[at] = byte === near[at] ? byte ^ 1 : byte;
        return changed;
      }),
    );
    fc.assert(
      fc.property(bytes, (der) => {
        const read = parseCertificateRequest(der.toString('base64'));
        // What the signature covers cannot be another; how the algorithm's parameters are written is outside of it.
        assert.ok(isRefusal(read) || read.clientId === system.clientId);
      }),
    );
  });
});

describe('a question for a credential', () => {
  it('is refused with an attestation, which cannot be verified here', async () => {
    assert.match(await refusalOf({ csr: good.csr, attestation_token: 'a.b.c' }), /attestation_token/);
  });

  for (const body of ['', '{', '[]', '"csr"', '{}']) {
    it(`is refused with the body ${body || 'of nothing'}`, async () => void (await refusalOf(body)));
  }

  it('is refused with a body of more than 64 KB', async () => {
    assert.match(await refusalOf({ csr: 'A'.repeat(70_000) }), /65536/);
  });

  it('is refused in the name of another machine', async () => {
    imds.attach(web2, [systemAssigned(web2, '2')]);
    await refusalOf({ csr: good.csr }, issuePath, web2);
  });

  it('is refused with another version', async () => {
    await refusalOf({ csr: good.csr }, '/metadata/identity/issuecredential?cred-api-version=1.0');
  });
});

describe('the binding of a credential', () => {
  it('comes back as it was, whatever the machine is called', () => {
    const word = fc.uuid();
    fc.assert(
      fc.property(word, word, fc.string({ minLength: 1, unit: 'grapheme' }), (principalId, id, machineResourceId) => {
        const binding = { principalId, vmId: id, machineResourceId };
        assert.deepEqual(parseBinding(formatBinding(binding)), binding);
      }),
    );
  });

  for (const uri of [
    '',
    'urn:postern:credential:',
    'urn:postern:credential:a:b',
    'urn:postern:credential:a:b:c:d',
    'urn:x:a:b:c',
    'urn:postern:credential:a:b:%zz',
  ]) {
    it(`is not in '${uri}'`, () => assert.equal(parseBinding(uri), undefined));
  }
});
