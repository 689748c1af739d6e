import type { IdentitySelectors } from '../identity/select-identity.ts';
import type { Refusal } from '../refusal.ts';
import type { AttachedIdentity } from './machines.ts';
import type { IssuedToken } from './token-issuer.ts';

/** A token that is asked for on behalf of a machine. */
export interface MachineTokenQuestion {
  readonly machineResourceId: string;
  /** The path that was asked, as the sign-in log is to show it. */
  readonly path: string;
  /** The caller's `x-ms-client-request-id`. */
  readonly clientRequestId?: string | undefined;
  /** As it was asked for: becomes the token's audience. */
  readonly resource: string;
  readonly selectors: IdentitySelectors;
  /** Without a selector only the system-assigned identity is meant, also where there is one other. */
  readonly systemAssignedOnly?: boolean;
}

/** A token with the identity that it is of. */
export interface MachineToken {
  readonly identity: AttachedIdentity;
  readonly token: IssuedToken;
}

/**
 * The tokens of machines' identities, for whoever has made sure that the machine asks. Each answer is in the sign-in log first. Refuses `imdsIdentityNotFound`,
 * `imdsMultipleIdentities`, `imdsParameterInvalid`, `imdsAccessDenied` where in-VM access control is enforced, and what the token service refuses.
 */
export interface MachineTokens {
  tokenFor(question: MachineTokenQuestion): Promise<MachineToken | Refusal>;
}
