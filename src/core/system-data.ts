import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { VerifiedToken } from './ports/token-verifier.ts';
import { type EpochMillis, formatArmTime } from './time.ts';

/**
 * The `systemData` of a resource that `caller` writes now: who made it stays, who changed it last is new. Callers are named
 * by object id, as in the activity log.
 * @see https://github.com/Azure/azure-resource-manager-rpc v1.0, common-api-contracts.md, "System metadata for all ARM resources"
 */
export function stampSystemData(before: Json | undefined, caller: VerifiedToken, now: EpochMillis): JsonObject {
  const by = caller.objectId;
  const byType = caller.identityResourceId === undefined ? 'Application' : 'ManagedIdentity';
  const at = formatArmTime(now);
  const created = isJsonObject(before) ? before : { createdBy: by, createdByType: byType, createdAt: at };
  return { ...created, lastModifiedBy: by, lastModifiedByType: byType, lastModifiedAt: at };
}
