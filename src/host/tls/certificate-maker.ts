import { webcrypto } from 'node:crypto';
import type { CertificateMaker, SelfSignedFacts } from '../../core/ports/certificate-maker.ts';
import { loadX509 } from './x509.ts';

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/** Makes certificates with the certificate library. */
export const certificateMaker: CertificateMaker = { selfSign };

async function selfSign(facts: SelfSignedFacts): Promise<Uint8Array> {
  const x509 = await loadX509();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from(facts.serialNumber).toString('hex'),
    name: [{ CN: [facts.commonName] }],
    notBefore: new Date(facts.notBefore),
    notAfter: new Date(facts.notAfter),
    signingAlgorithm: algorithm,
    keys: await importKeys(facts),
  });
  return new Uint8Array(certificate.rawData);
}

async function importKeys({ privateKey, publicKey }: SelfSignedFacts): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  return {
    privateKey: await subtle.importKey('pkcs8', Buffer.from(privateKey), algorithm, false, ['sign']),
    publicKey: await subtle.importKey('spki', Buffer.from(publicKey), algorithm, true, ['verify']),
  };
}
