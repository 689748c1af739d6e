import type { AccessVerdict } from '../ports/access-guard.ts';
import type { EpochMillis } from '../time.ts';

/** One hand-over, denial or failure at a machine's metadata service (or another door to the machine's identity). */
export interface SignIn {
  readonly time: EpochMillis;
  readonly machineResourceId: string;
  /** Undefined where the caller could not be identified. */
  readonly user?: { readonly uid: number; readonly userName: string; readonly groupNames: readonly string[] };
  /** Where it was looked for: only rules that name programs make IMDS look. */
  readonly process?: { readonly pid: number; readonly exePath: string; readonly processName: string };
  /** The identity that was meant. */
  readonly identity?: { readonly principalId: string; readonly clientId: string; readonly resourceId: string };
  /** The request in canonical form, for replaying it against another profile. */
  readonly request: { readonly path: string; readonly query: Readonly<Record<string, string>> };
  /** `issued`: a new token. `handedOver`: one that was held. */
  readonly outcome: 'issued' | 'handedOver' | 'denied' | 'failed';
  /** What in-VM access control said, where the machine has any. */
  readonly access?: Pick<AccessVerdict, 'mode' | 'decision' | 'rule' | 'profileVersionId'>;
  /** The token's id. */
  readonly uti?: string;
  /** The caller's `x-ms-client-request-id`. */
  readonly clientRequestId?: string;
  readonly failure?: { readonly code: string; readonly message: string };
}
