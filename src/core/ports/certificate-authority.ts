import type { EpochMillis } from '../time.ts';

/** What a certificate that Postern's authority signs says. */
export interface CertificateFacts {
  /** The subject's attributes in their order: `['CN', …]`, `['DC', …]`. */
  readonly subject: readonly (readonly ['CN' | 'DC', string])[];
  /** Big-endian, at most 20 bytes, positive (RFC 5280 section 4.1.2.2). */
  readonly serialNumber: Uint8Array;
  readonly notBefore: EpochMillis;
  readonly notAfter: EpochMillis;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Subject alternative names; default none. */
  readonly dnsNames?: readonly string[];
  /** Further alternative names: URIs; default none. */
  readonly uris?: readonly string[];
  /** Whether it is for TLS clients alone; default: for any purpose of a signature. */
  readonly clientOnly?: boolean;
  /** Where a verifier finds the authority's certificate (RFC 5280 section 4.2.2.1, `caIssuers`); default nowhere. */
  readonly authorityUrl?: string;
}

/** Postern's own authority: whoever trusts it can verify what it signs. Asked only on need, so it may be slow. */
export interface CertificateAuthority {
  /** Its certificate in DER. */
  readonly certificate: Uint8Array;
  /** A certificate in DER. */
  issue(facts: CertificateFacts): Promise<Uint8Array>;
}
