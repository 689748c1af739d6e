import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { JsonObject } from '../../../src/core/json.ts';
import type { KeyCredential } from '../../../src/core/ports/directory.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { loadX509 } from '../../../src/host/tls/x509.ts';

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/** A certificate with its private key. */
export interface MadeCertificate {
  readonly der: Buffer;
  readonly privateKey: KeyObject;
  readonly sha1: string;
  readonly sha256: string;
}

/** Makes a certificate, self-signed or issued by another. */
export async function makeCertificate(
  subject: string,
  options: {
    readonly issuer?: MadeCertificate;
    readonly ca?: boolean;
    readonly notBefore?: string;
    readonly notAfter?: string;
    readonly dns?: string;
  } = {},
): Promise<MadeCertificate> {
  const x509 = await loadX509();
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { subtle } = globalThis.crypto;
  const importKey = (key: KeyObject) =>
    subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), algorithm, false, ['sign']);
  const publicKey = await subtle.importKey(
    'spki',
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    algorithm,
    true,
    ['verify'],
  );
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '4001',
    subject,
    issuer: options.issuer === undefined ? subject : new x509.X509Certificate(options.issuer.der).subject,
    notBefore: new Date(options.notBefore ?? '2026-01-01'),
    notAfter: new Date(options.notAfter ?? '2030-01-01'),
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: await importKey(options.issuer?.privateKey ?? pair.privateKey),
    extensions: [
      new x509.BasicConstraintsExtension(options.ca === true, undefined, true),
      ...(options.dns === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: options.dns }])]),
    ],
  });
  const der = Buffer.from(certificate.rawData);
  const { createHash } = await import('node:crypto');
  const digest = (name: string) => createHash(name).update(der).digest('base64url');
  return { der, privateKey: pair.privateKey, sha1: digest('sha1'), sha256: digest('sha256') };
}

/** The certificate as the directory keeps it. */
export function keyCredential({ der }: MadeCertificate, more: Partial<KeyCredential> = {}): KeyCredential {
  return {
    keyId: 'k1',
    displayName: 'test',
    certificate: der.toString('base64'),
    startMillis: Date.parse('2026-01-01') as EpochMillis,
    endMillis: Date.parse('2030-01-01') as EpochMillis,
    ...more,
  };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs a JWT whose header says RS256 or PS256, or something else, in which case RS256 signs it. */
export function signJwt(header: JsonObject, claims: JsonObject, key: KeyObject): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  const how = header['alg'] === 'PS256' ? { key, padding, saltLength } : key;
  return `${signed}.${sign('sha256', Buffer.from(signed), how).toString('base64url')}`;
}
