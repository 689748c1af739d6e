import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { JsonObject } from '../../core/json.ts';
import type { CertificateMaker } from '../../core/ports/certificate-maker.ts';
import type { Random } from '../../core/ports/random.ts';
import { type DocumentKey, documentKey } from '../../core/ports/store.ts';
import type { EpochMillis } from '../../core/time.ts';

/** A key with which tokens are signed. */
export interface SigningKey {
  /** base64url SHA-1 of the certificate, as Entra's `kid` and `x5t` are. */
  readonly kid: string;
  readonly createdAt: EpochMillis;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public key's modulus and exponent in base64url. */
  readonly modulus: string;
  readonly exponent: string;
  /** The certificate's DER in base64. */
  readonly certificate: string;
}

/** Where the store keeps the keys. */
export const signingKeysRoot = documentKey('/sts/keys');

/** Entra's signing certificates live five years. */
const certificateYears = 5;

/** The store's key of a signing key. Store keys fold letter case, so the true `kid` is in the document. */
export function signingKeyDocument(kid: string): DocumentKey {
  return documentKey(`${signingKeysRoot}/${kid}`);
}

/** A new 2048-bit RSA key with its self-signed certificate. Takes about 0.3 s. */
export async function makeSigningKey(
  now: EpochMillis,
  random: Random,
  certificates: CertificateMaker,
): Promise<SigningKey> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const serialNumber = random.bytes(16);
  serialNumber[0] = 0x40 | ((serialNumber[0] ?? 0) & 0x3f);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + certificateYears);
  const certificate = await certificates.selfSign({
    commonName: 'Postern token signing',
    serialNumber,
    notBefore: now,
    notAfter: notAfter.getTime() as EpochMillis,
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'der' }),
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }),
  });
  return describeKey(pair.privateKey, Buffer.from(certificate), now);
}

/** A signing key as the store keeps it. The private key is inside: the document goes nowhere else. */
export function formatSigningKey(key: SigningKey): JsonObject {
  const privateKey = key.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  return { kid: key.kid, createdAt: key.createdAt, certificate: key.certificate, privateKey };
}

/** A signing key from its stored document. */
export function parseSigningKey(document: JsonObject): SigningKey {
  const { certificate, privateKey, createdAt } = document;
  if (typeof certificate !== 'string' || typeof privateKey !== 'string' || typeof createdAt !== 'number') {
    throw new Error('a stored signing key lacks its certificate, its private key or its time');
  }
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  return describeKey(key, Buffer.from(certificate, 'base64'), createdAt as EpochMillis);
}

function describeKey(privateKey: KeyObject, certificate: Buffer, createdAt: EpochMillis): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const { n, e } = publicKey.export({ format: 'jwk' });
  return {
    kid: createHash('sha1').update(certificate).digest('base64url'),
    createdAt,
    privateKey,
    publicKey,
    modulus: String(n),
    exponent: String(e),
    certificate: certificate.toString('base64'),
  };
}
