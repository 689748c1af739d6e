import type { EpochMillis } from '../time.ts';

/** What a self-signed certificate says, and the RSA key pair that it is of. */
export interface SelfSignedFacts {
  readonly commonName: string;
  /** Big-endian, at most 20 bytes, positive (RFC 5280 section 4.1.2.2). */
  readonly serialNumber: Uint8Array;
  readonly notBefore: EpochMillis;
  readonly notAfter: EpochMillis;
  /** PKCS #8, DER. */
  readonly privateKey: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

/** Makes certificates. Asked only when a new one is needed, so it may be slow. */
export interface CertificateMaker {
  /** A self-signed certificate in DER, signed with RS256. */
  selfSign(facts: SelfSignedFacts): Promise<Uint8Array>;
}
