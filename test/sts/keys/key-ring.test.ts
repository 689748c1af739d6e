import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { certificateMaker } from '../../../src/host/tls/certificate-maker.ts';
import { openKeyRing } from '../../../src/sts/keys/key-ring.ts';
import { formatSigningKey, makeSigningKey, signingKeyDocument } from '../../../src/sts/keys/signing-key.ts';
import { openedDirectory } from '../../directory/opened.ts';

describe('the key ring', async () => {
  const opened = await openedDirectory();
  after(opened.close);
  const ring = await openKeyRing({ ...opened, certificates: certificateMaker });
  const first = ring.current();

  it('makes a 2048-bit key with a self-signed certificate on the first start', () => {
    assert.equal(first.privateKey.asymmetricKeyDetails?.modulusLength, 2048);
    const certificate = new X509Certificate(Buffer.from(first.certificate, 'base64'));
    assert.equal(certificate.subject, 'CN=Postern token signing');
    assert.equal(certificate.issuer, certificate.subject);
    assert.ok(certificate.verify(first.publicKey));
    assert.ok(certificate.checkPrivateKey(first.privateKey));
    assert.equal(certificate.validFrom, 'Nov 23 22:50:35 2026 GMT');
    assert.equal(certificate.validTo, 'Nov 23 22:50:35 2031 GMT');
  });

  it('names a key by the SHA-1 of its certificate', () => {
    const certificate = new X509Certificate(Buffer.from(first.certificate, 'base64'));
    const sha1 = Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex');
    assert.equal(first.kid, sha1.toString('base64url'));
  });

  it('writes a certificate’s end after 2049 with four digits', async () => {
    const late = await makeSigningKey(
      Date.parse('2046-01-02T03:04:05Z') as typeof first.createdAt,
      opened.random,
      certificateMaker,
    );
    const certificate = new X509Certificate(Buffer.from(late.certificate, 'base64'));
    assert.equal(certificate.validTo, 'Jan  2 03:04:05 2051 GMT');
    assert.ok(certificate.verify(late.publicKey));
  });

  it('signs with the newest of several keys and still finds the others', async () => {
    opened.clock.advance(1);
    const second = await makeSigningKey(opened.clock.now(), opened.random, certificateMaker);
    await opened.store.transact([{ put: signingKeyDocument(second.kid), body: formatSigningKey(second) }]);
    assert.equal(ring.current().kid, second.kid);
    assert.equal(ring.find(first.kid)?.kid, first.kid);
    assert.deepEqual(
      ring.all().map(({ kid }) => kid),
      [second.kid, first.kid],
    );
    await opened.store.transact([{ remove: signingKeyDocument(second.kid) }]);
    assert.equal(ring.current().kid, first.kid);
    assert.equal(ring.find(second.kid), undefined);
  });

  it('has the same keys after a restart', async () => {
    const again = await openKeyRing({ ...(await opened.reopen()), certificates: certificateMaker });
    assert.equal(again.current().kid, first.kid);
    assert.equal(again.current().certificate, first.certificate);
    assert.ok(again.current().privateKey.equals(first.privateKey));
    assert.equal(again.all().length, 1);
  });
});
