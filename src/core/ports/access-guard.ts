import type { CanonicalRequest } from '../access/canonical-request.ts';
import type { Caller } from './caller.ts';

/** A metadata request on its way through a machine's in-VM access control. */
export interface GuardQuestion {
  readonly machineResourceId: string;
  readonly request: CanonicalRequest;
  readonly caller: Caller;
}

/** What a machine's access control says to one request. In `Audit` a denial is recorded and passes. */
export interface AccessVerdict {
  readonly mode: 'Audit' | 'Enforce';
  readonly decision: 'Allow' | 'Deny';
  /** In words, with names from the profile: `role 'deployers' by privilege 'arm-tokens'`, `defaultAccess Deny`. */
  readonly rule: string;
  /** The version that decided; undefined when it could not be read. */
  readonly profileVersionId?: string;
}

/**
 * In-VM access control: may this caller ask this of its machine's metadata service? Undefined where the machine has none, which
 * is answered at once; a profile that cannot be read denies.
 */
export interface AccessGuard {
  decide(question: GuardQuestion): AccessVerdict | undefined | Promise<AccessVerdict>;
}
