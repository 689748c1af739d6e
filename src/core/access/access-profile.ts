import type { RecurringWindow } from './recurring-window.ts';

/** The rules of an in-VM access control profile version, checked: every name leads somewhere. */
export interface AccessProfile {
  /** The version's own mode. What a machine asks for is decided with it (`effectiveMode`). */
  readonly mode: AccessMode;
  /** What a request gets that matches no privilege. */
  readonly defaultAccess: 'Allow' | 'Deny';
  readonly privileges: readonly AccessPrivilege[];
  readonly grants: readonly AccessGrant[];
  /** When roles grant anything; always where there are none. */
  readonly windows: readonly RecurringWindow[];
}

/** Whether a denial is carried out, only recorded, or nothing is decided. */
export type AccessMode = 'Enforce' | 'Audit' | 'Disabled';

/** What may be asked: requests below a path that carry these parameters. */
export interface AccessPrivilege {
  readonly name: string;
  /** Folded: a request matches whose path begins with it, within a segment too (as Azure's proxy agent has it). */
  readonly path: string;
  /** Folded; all of them must be in the request. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** Who may ask. All fields that are given must be the caller's. */
export interface AccessIdentity {
  readonly name: string;
  readonly userName?: string;
  readonly groupName?: string;
  readonly exePath?: string;
  readonly processName?: string;
}

/** One role, with those to whom it is assigned. */
export interface AccessGrant {
  readonly role: string;
  readonly privileges: readonly AccessPrivilege[];
  readonly identities: readonly AccessIdentity[];
}

/** Whether telling this identity's callers apart needs their program. */
export function namesProgram({ exePath, processName }: AccessIdentity): boolean {
  return exePath !== undefined || processName !== undefined;
}
