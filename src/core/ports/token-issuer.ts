import type { Refusal } from '../refusal.ts';
import type { EpochSeconds } from '../time.ts';
import type { Actor } from '../token/actor.ts';
import type { ServicePrincipal } from './directory.ts';

/** What IMDS asks of the token service for a machine's identity. */
export interface ManagedIdentityTokenRequest {
  readonly principal: ServicePrincipal;
  /** The `resource` as it was asked for; becomes `aud` unchanged. */
  readonly resource: string;
  /** Claim `xms_mirid`: the machine or its scale set (system-assigned), or the user-assigned identity. */
  readonly identityResourceId: string;
  /** Claim `xms_az_rid`: the machine, where the identity is not the machine's alone. */
  readonly machineResourceId?: string;
  /** Claim `cnf`: the `x5t#S256` of the certificate that the token is bound to (RFC 8705 section 3.1). */
  readonly confirmation?: string;
  /** The token ends by then, if not before. */
  readonly notAfter?: EpochSeconds;
  /** Claim `act` (RFC 8693 section 4.1): the machine's user to whom the token is handed. */
  readonly actor?: Actor;
}

/** A signed access token with the times it carries. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly notBefore: EpochSeconds;
  readonly expiresOn: EpochSeconds;
  /** The key that signed it. */
  readonly kid: string;
  /** Its id: the claim `uti`. */
  readonly uti: string;
}

/** Issues managed identities' tokens. Refuses `AADSTS500011` for a resource that the tenant does not know. */
export interface TokenIssuer {
  issueManagedIdentityToken(request: ManagedIdentityTokenRequest): Promise<IssuedToken | Refusal>;
  /** Whether its key still stands: who keeps tokens asks before giving one out again. */
  isStanding(token: IssuedToken): boolean;
}
