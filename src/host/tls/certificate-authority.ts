import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import type { CertificateAuthority, CertificateFacts } from '../../core/ports/certificate-authority.ts';
import type { KeyedCertificate } from './authority.ts';
import { loadX509 } from './x509.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The local authority as the services know it: it signs, and its key stays here. */
export function certificateAuthority(authority: KeyedCertificate): CertificateAuthority {
  return {
    certificate: new Uint8Array(new X509Certificate(authority.certificate).raw),
    issue: (facts) => issue(authority, facts),
  };
}

async function issue(authority: KeyedCertificate, facts: CertificateFacts): Promise<Uint8Array> {
  const x509 = await loadX509();
  const issuer = new x509.X509Certificate(authority.certificate);
  const publicKey = new x509.PublicKey(Buffer.from(facts.publicKey));
  const { KeyUsageFlags, SubjectAlternativeNameExtension, AuthorityInfoAccessExtension, ExtendedKeyUsage } = x509;
  const names = [
    ...(facts.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(facts.uris ?? []).map((value) => ({ type: 'url' as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(facts.serialNumber).toString('hex'),
    subject: facts.subject.map(([name, value]) => ({ [name]: [value] })),
    issuer: issuer.subjectName,
    notBefore: new Date(facts.notBefore),
    notAfter: new Date(facts.notAfter),
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: await importKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ...(facts.clientOnly === true ? [new x509.ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])] : []),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
      ...(facts.authorityUrl === undefined
        ? []
        : [new AuthorityInfoAccessExtension({ caIssuers: [facts.authorityUrl] })]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return new Uint8Array(certificate.rawData);
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
