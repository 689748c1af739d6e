import type { JsonObject } from '../json.ts';
import type { EpochSeconds } from '../time.ts';
import type { Actor } from '../token/actor.ts';

/** The claims that every accepted access token has; the whole payload is in `claims`. */
export interface VerifiedToken {
  readonly tenantId: string;
  readonly objectId: string;
  readonly appId: string;
  readonly audience: string;
  readonly issuer: string;
  readonly issuedAt: EpochSeconds;
  readonly expiresOn: EpochSeconds;
  /** `xms_mirid`, for a managed identity. */
  readonly identityResourceId?: string;
  /** `xms_az_rid`, for a user-assigned identity. */
  readonly machineResourceId?: string;
  /** `roles`: application permissions. */
  readonly roles: readonly string[];
  /** `cnf`: the `x5t#S256` of the certificate to which the token is bound. */
  readonly confirmation?: string;
  /** `act`: the machine's user who acts with the identity. */
  readonly actor?: Actor;
  readonly claims: JsonObject;
}

/** Why a token was not accepted. Public facts only; each service words it for its own wire. */
export type TokenRejection =
  | { readonly rejected: 'malformed' | 'algorithm' | 'unknownKey' | 'signature' }
  /** It is bound to a certificate that the caller's connection does not have. */
  | { readonly rejected: 'unbound' }
  | { readonly rejected: 'expired'; readonly expiresOn: EpochSeconds }
  | { readonly rejected: 'notYetValid'; readonly notBefore: EpochSeconds }
  | { readonly rejected: 'issuer' | 'tenant'; readonly issuer: string; readonly tokenTenantId: string }
  | { readonly rejected: 'audience'; readonly audience: string };

/** The `x5t#S256` of the certificate that the caller showed on its connection; asked for a bound token alone. */
export type ShownCertificate = () => string | undefined;

/**
 * Verifies access tokens of this tenant: RS256 by a known key, issuer, tenant, times (no leeway), audience, and for a token that is
 * bound to a certificate that the caller has `shown` it; without `shown` no such token is accepted.
 */
export interface TokenVerifier {
  verify(
    token: string,
    audiences: readonly string[],
    shown?: ShownCertificate,
  ): Promise<VerifiedToken | TokenRejection>;
}
