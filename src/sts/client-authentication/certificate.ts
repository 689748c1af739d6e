import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { rememberTexts } from '../../core/remember.ts';

/** A certificate as assertions name it. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly publicKey: KeyObject;
  /** `x5t`: base64url SHA-1 of the DER (RFC 7515 section 4.1.7). */
  readonly sha1: string;
  /** `x5t#S256`: base64url SHA-256 of the DER (RFC 7515 section 4.1.8). */
  readonly sha256: string;
  /** The SHA-1 in upper-case hexadecimal, as messages and `az` show it. */
  readonly thumbprint: string;
}

/** Reads a certificate from its DER in base64; undefined when it is none. A certificate that is read often is read once. */
export const readCertificate: (der: string) => Certificate | undefined = rememberTexts(read, {
  limit: 512,
  maxLength: 8192,
});

function read(der: string): Certificate | undefined {
  try {
    const x509 = new X509Certificate(Buffer.from(der, 'base64'));
    const sha1 = createHash('sha1').update(x509.raw).digest();
    return {
      x509,
      publicKey: x509.publicKey,
      sha1: sha1.toString('base64url'),
      sha256: createHash('sha256').update(x509.raw).digest('base64url'),
      thumbprint: sha1.toString('hex').toUpperCase(),
    };
  } catch {
    return undefined;
  }
}
