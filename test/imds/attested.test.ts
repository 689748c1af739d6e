import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { authorityPem, type Imds, openImds, systemAssigned, web1, web2 } from './fakes.ts';

const path = '/metadata/attested/document';
const query = '?api-version=2025-04-07';
const resource = {
  location: 'westeurope',
  plan: { name: 'standard', product: 'widgets', publisher: 'contoso' },
  properties: { licenseType: 'RHEL_BYOS', storageProfile: { imageReference: { sku: '24_04-lts' } } },
};

let imds: Imds;
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-attested-'));
  writeFileSync(join(folder, 'ca.pem'), authorityPem);
});
after(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [systemAssigned(web1)], resource);
});
afterEach(() => imds.close());

/** Runs openssl on the signed document. */
function openssl(signature: string, ...words: readonly string[]): string {
  writeFileSync(join(folder, 'document.p7'), Buffer.from(signature, 'base64'));
  return execFileSync('openssl', [...words, '-inform', 'DER', '-in', join(folder, 'document.p7')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function signatureOf(target: string, machine = web1): Promise<string> {
  const response = await imds.ask(target, { machine });
  assert.equal(response.status, 200, response.text);
  assert.equal(response.json['encoding'], 'pkcs7');
  return response.json['signature'] ?? '';
}

/** The content, verified by openssl against the authority at the time of the tests' clock. */
async function contentOf(target: string, machine = web1): Promise<Record<string, unknown>> {
  const at = String(Math.floor((imds.now() + 1000) / 1000));
  const signature = await signatureOf(target, machine);
  const verified = openssl(signature, 'cms', '-verify', '-CAfile', join(folder, 'ca.pem'), '-attime', at);
  return JSON.parse(verified) as Record<string, unknown>;
}

function certificateIn(signature: string): X509Certificate {
  return new X509Certificate(openssl(signature, 'pkcs7', '-print_certs'));
}

describe('an attested document', () => {
  it('says what the machine is and until when that holds', async () => {
    assert.deepEqual(await contentOf(`${path}${query}&nonce=1234576654`), {
      licenseType: 'RHEL_BYOS',
      nonce: '1234576654',
      plan: { name: 'standard', product: 'widgets', publisher: 'contoso' },
      sku: '24_04-lts',
      subscriptionId: '5e0b7b5c-0000-4000-8000-000000000001',
      timeStamp: { createdOn: '03/07/24 11:07:59 -0000', expiresOn: '03/07/24 17:07:59 -0000' },
      vmId: 'ffffffff-0000-4000-8000-000000000001',
    });
  });

  it('is of the machine that asks', async () => {
    imds.attach(web2, []);
    assert.equal((await contentOf(path + query, web2))['vmId'], 'ffffffff-0000-4000-8000-000000000002');
  });

  it('is accepted by openssl smime too', async () => {
    const at = String(Math.floor(imds.now() / 1000));
    const signature = await signatureOf(path + query);
    assert.match(openssl(signature, 'smime', '-verify', '-CAfile', join(folder, 'ca.pem'), '-attime', at), /"vmId"/);
    assert.match(openssl(signature, 'smime', '-verify', '-noverify'), /"vmId"/);
  });

  it('is refused by openssl when a letter of it is another', async () => {
    const bytes = Buffer.from(await signatureOf(path + query), 'base64');
    bytes[bytes.indexOf('vmId')] = 0x77;
    assert.throws(() => openssl(bytes.toString('base64'), 'smime', '-verify', '-noverify'));
  });

  it('has the time as its nonce when none is given', async () => {
    for (const target of [path + query, `${path}${query}&nonce=`]) {
      assert.equal((await contentOf(target))['nonce'], '20240307-110759');
    }
  });

  for (const [version, fields] of [
    ['2018-10-01', ['nonce', 'plan', 'timeStamp', 'vmId']],
    ['2019-04-30', ['nonce', 'plan', 'subscriptionId', 'timeStamp', 'vmId']],
    ['2019-11-01', ['nonce', 'plan', 'sku', 'subscriptionId', 'timeStamp', 'vmId']],
    ['2020-09-01', ['licenseType', 'nonce', 'plan', 'sku', 'subscriptionId', 'timeStamp', 'vmId']],
  ] as const) {
    it(`has the fields of api-version ${version}`, async () => {
      assert.deepEqual(Object.keys(await contentOf(`${path}?api-version=${version}`)), fields);
    });
  }

  it('has no licenseType where the machine has none', async () => {
    imds.attach(web1, [], { location: 'westeurope', properties: {} });
    assert.equal('licenseType' in (await contentOf(path + query)), false);
  });
});

describe("the signer's certificate", () => {
  it('names the region of the metadata service', async () => {
    const certificate = certificateIn(await signatureOf(path + query));
    assert.equal(certificate.subjectAltName, 'DNS:westeurope.metadata.azure.com, DNS:metadata.azure.com');
  });

  it('is of each region', async () => {
    await signatureOf(path + query);
    imds.attach(web2, [], { location: 'eastus' });
    const certificate = certificateIn(await signatureOf(path + query, web2));
    assert.equal(certificate.subjectAltName, 'DNS:eastus.metadata.azure.com, DNS:metadata.azure.com');
  });

  it('says where its authority is, which is answered there without the Metadata header', async () => {
    const certificate = certificateIn(await signatureOf(path + query));
    const url = /CA Issuers - URI:http:\/\/169\.254\.169\.254(\S+)/.exec(certificate.infoAccess ?? '')?.[1] ?? '';
    const answer = await imds.askBytes(url);
    assert.equal(answer.headers['content-type'], 'application/pkix-cert');
    const authority = new X509Certificate(answer.bytes);
    assert.ok(certificate.checkIssued(authority) && certificate.verify(authority.publicKey));
    assert.equal(authority.raw.equals(new X509Certificate(authorityPem).raw), true);
  });

  it('is made anew before the document would outlive it', async () => {
    const first = certificateIn(await signatureOf(path + query));
    imds.advance(29 * 86_400);
    assert.equal(certificateIn(await signatureOf(path + query)).serialNumber, first.serialNumber);
    imds.advance(86_400 - 6 * 3600);
    const second = certificateIn(await signatureOf(path + query));
    assert.notEqual(second.validTo, first.validTo);
  });
});

describe('a question for an attested document', () => {
  for (const nonce of ['1', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6']) {
    it(`may bring the nonce ${nonce}`, async () => {
      assert.equal((await contentOf(`${path}${query}&nonce=${nonce}`))['nonce'], nonce);
    });
  }

  for (const nonce of ['A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p67', '12-34', 'a%20b', '%22', '%C3%A9', '1%0A']) {
    it(`is refused with the nonce ${nonce}`, async () => {
      const response = await imds.ask(`${path}${query}&nonce=${nonce}`);
      assert.equal(response.status, 400);
      assert.deepEqual(Object.keys(response.json), ['error']);
    });
  }

  for (const version of ['', '?api-version=2018-04-02', '?api-version=2018-10-02', '?api-version=2099-01-01']) {
    it(`is refused with '${version}' for an api-version`, async () => {
      const response = await imds.ask(path + version);
      assert.equal(response.status, 400);
      assert.match(response.json['error'] ?? '', /^Bad request\. api-version is invalid/);
    });
  }

  it('is refused without the Metadata header, and by another method', async () => {
    assert.equal((await imds.ask(path + query, { headers: {} })).status, 400);
    const post = await imds.ask(path + query, { method: 'POST' });
    assert.equal(post.status, 405);
    assert.equal(post.headers['allow'], 'GET');
  });

  it('is refused for a machine that no longer exists', async () => {
    imds.deleteMachine(web1);
    assert.equal((await imds.ask(path + query)).status, 404);
  });
});

describe('the load balancer document', () => {
  it('does not exist, in the documented words: no load balancer stands before a machine', async () => {
    const response = await imds.ask('/metadata/loadbalancer?api-version=2020-10-01');
    assert.equal(response.status, 404);
    assert.match(response.json['error'] ?? '', /^No load balancer metadata is found\. /);
  });

  for (const version of ['', '?api-version=2020-09-01', '?api-version=x']) {
    it(`is refused with '${version}' for an api-version`, async () => {
      assert.equal((await imds.ask(`/metadata/loadbalancer${version}`)).status, 400);
    });
  }
});
