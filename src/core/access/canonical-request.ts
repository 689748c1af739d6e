/**
 * A metadata request as access is decided on it: decoded and folded, so that no way of spelling it decides otherwise. The
 * parameters that choose an identity are gone; the identity that they chose stands in their place.
 */
export interface CanonicalRequest {
  /** `/metadata/identity/oauth2/token`: lower case, decoded, without a trailing slash. */
  readonly path: string;
  /** By lower-case name. */
  readonly query: ReadonlyMap<string, string>;
  /** The identity that was selected, for a request that means one. */
  readonly identity?: {
    readonly principalId: string;
    readonly clientId: string;
    readonly resourceId: string;
  };
}
