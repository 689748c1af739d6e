/** A public key of an issuer: the RSA modulus and exponent in base64url (RFC 7518 section 6.3.1). */
export interface IssuerKey {
  readonly kid: string;
  readonly modulus: string;
  readonly exponent: string;
}

/**
 * Why an issuer's key cannot be had: it may not be asked or did not answer as an issuer does, or it answered and has no
 * such key. `why` is for the caller: it names hosts and limits, nothing that the issuer said.
 */
export interface IssuerFault {
  readonly fault: 'unreachable' | 'unknownKey';
  readonly why: string;
}

/** The keys of issuers elsewhere, by their OpenID discovery documents. */
export interface IssuerKeys {
  /** `issuer` as an assertion and a federated credential both name it, letter for letter. */
  find(issuer: string, kid: string): Promise<IssuerKey | IssuerFault>;
}
