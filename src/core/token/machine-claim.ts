import type { AttachedIdentity } from '../ports/machines.ts';

/**
 * Which machine a token says it was issued to (claim `xms_az_rid`), beside its identity: none for a machine's own, which names
 * the machine already. A user-assigned identity and a scale set's own belong to several machines, so that theirs say which.
 */
export function machineClaimOf(
  identity: AttachedIdentity,
  machineResourceId: string,
): { readonly machineResourceId?: string } {
  return identity.resourceId === machineResourceId ? {} : { machineResourceId };
}
