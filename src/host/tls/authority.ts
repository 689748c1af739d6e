import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import { loadX509 } from './x509.ts';

/** A certificate with its private key (PKCS #8), both as PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** The local authority's lifetime. */
const authorityDays = 3650;
/** The longest that clients which hold to the CA/Browser Forum's limit accept (Baseline Requirements 6.3.2, before 2026). */
const serverDays = 397;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMillis = 86_400_000;

/** Makes a local certificate authority: a P-256 key and a self-signed certificate that may sign servers only. */
export async function makeAuthority(clock: Clock, random: Random): Promise<KeyedCertificate> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(random),
    name: `CN=Postern local authority ${hex(random.bytes(3))}`,
    ...validity(clock, authorityDays),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

/** Makes a server certificate for `names` (DNS names and IP addresses), signed by the authority. */
export async function makeServerCertificate(
  authority: KeyedCertificate,
  names: readonly string[],
  clock: Clock,
  random: Random,
): Promise<KeyedCertificate> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(random),
    subject: 'CN=Postern',
    issuer: issuer.subject,
    ...validity(clock, serverDays),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value })),
      ),
      // Python 3.13 verifies strictly and refuses a certificate without an authority key identifier.
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^\d+(\.\d+){3}$/.test(name);
}

/** From a minute ago on, so that a client whose clock is a little behind accepts it. */
function validity(clock: Clock, days: number): { notBefore: Date; notAfter: Date } {
  const start = clock.now() - 60_000;
  return { notBefore: new Date(start), notAfter: new Date(start + days * dayMillis) };
}

/** Positive, 127 random bits (RFC 5280 section 4.1.2.2 allows 20 octets). */
function serialNumber(random: Random): string {
  const bytes = random.bytes(16);
  return hex(bytes.map((byte, at) => (at === 0 ? (byte & 0x7f) | 0x40 : byte)));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

/** Whether the certificate's key belongs to the private key (a crash between two writes can part them). */
export function keyBelongs(keyed: KeyedCertificate): boolean {
  const own = createPublicKey(keyed.key).export({ format: 'der', type: 'spki' });
  return own.equals(createPublicKey(keyed.certificate).export({ format: 'der', type: 'spki' }));
}
