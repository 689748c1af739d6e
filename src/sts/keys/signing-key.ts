import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { JsonObject } from '../../core/json.ts';
import type { CertificateMaker } from '../../core/ports/certificate-maker.ts';
import type { Random } from '../../core/ports/random.ts';
import { type DocumentKey, documentKey } from '../../core/ports/store.ts';
import type { EpochMillis } from '../../core/time.ts';
import type { ScheduledKey } from '../../core/token/key-schedule.ts';

/** A key with which tokens are signed. */
export interface SigningKey extends ScheduledKey {
  /** base64url SHA-1 of the certificate, as Entra's `kid` and `x5t` are. */
  readonly kid: string;
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

/** A new 2048-bit RSA key with its self-signed certificate, which signs at once or from a later time. Takes about 0.3 s. */
export async function makeSigningKey(
  now: EpochMillis,
  random: Random,
  certificates: CertificateMaker,
  signsFrom: EpochMillis = now,
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
  return describeKey(pair.privateKey, Buffer.from(certificate), { createdAt: now, signsFrom });
}

/** A signing key as the store keeps it. The private key is inside: the document goes nowhere else. */
export function formatSigningKey(key: SigningKey): JsonObject {
  const privateKey = key.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const { kid, createdAt, signsFrom, certificate } = key;
  return { kid, createdAt, signsFrom, certificate, privateKey };
}

/** A signing key from its stored document. The first ones were stored without `signsFrom`: they signed at once. */
export function parseSigningKey(document: JsonObject): SigningKey {
  const { certificate, privateKey, createdAt, signsFrom = createdAt } = document;
  if (
    typeof certificate !== 'string' ||
    typeof privateKey !== 'string' ||
    typeof createdAt !== 'number' ||
    typeof signsFrom !== 'number'
  ) {
    throw new Error('a stored signing key lacks its certificate, its private key or its time');
  }
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const times = { createdAt: createdAt as EpochMillis, signsFrom: signsFrom as EpochMillis };
  return describeKey(key, Buffer.from(certificate, 'base64'), times);
}

function describeKey(
  privateKey: KeyObject,
  certificate: Buffer,
  times: Pick<SigningKey, 'createdAt' | 'signsFrom'>,
): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const { n, e } = publicKey.export({ format: 'jwk' });
  return {
    kid: createHash('sha1').update(certificate).digest('base64url'),
    ...times,
    privateKey,
    publicKey,
    modulus: String(n),
    exponent: String(e),
    certificate: certificate.toString('base64'),
  };
}
