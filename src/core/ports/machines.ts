import type { JsonObject } from '../json.ts';

/** An identity that a machine has. `clientId` and `principalId` are those of the time when it was attached. */
export interface AttachedIdentity {
  readonly kind: 'systemAssigned' | 'userAssigned';
  readonly principalId: string;
  readonly clientId: string;
  /** The machine's id, of an instance its scale set's (system-assigned), or the user-assigned identity's, as written. */
  readonly resourceId: string;
}

/** A machine as its metadata service sees it. A new object after each change; compare by reference. */
export interface MachineView {
  readonly resourceId: string;
  readonly vmId: string;
  /** Those whose principal still exists: a deleted user-assigned identity is not among them. */
  readonly identities: readonly AttachedIdentity[];
  /** The resource as ARM stores it (location, tags, properties …). */
  readonly resource: JsonObject;
}

/** The machines and their identities, in memory, current as of the last committed write. */
export interface Machines {
  view(resourceId: string): MachineView | undefined;
}
