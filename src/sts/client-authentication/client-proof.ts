import type { X509Certificate } from 'node:crypto';

/** With what a client proves that it is who it says: exactly one of the methods that the token endpoint takes. */
export type ClientProof =
  | { readonly method: 'none' }
  | { readonly method: 'secret'; readonly secret: string }
  | { readonly method: 'assertion'; readonly assertion: string }
  | { readonly method: 'tls'; readonly certificate: X509Certificate };

/** The one type of assertion that is taken (RFC 7523 section 2.2). */
export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
