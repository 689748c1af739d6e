import { isJsonObject, type JsonObject } from './json.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Whether a stored resource group is going away: until it is gone it takes no writes. */
export function isGroupDeleting(group: JsonObject): boolean {
  return isJsonObject(group['properties']) && group['properties']['provisioningState'] === 'Deleting';
}

/** ARM's 404 for a group. */
export function refuseMissingGroup(name: string): Refusal {
  return refuse('ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}

/** ARM's 409 for a write in a group that is going away. */
export function refuseDeletingGroup(name: string): Refusal {
  return refuse(
    'ResourceGroupBeingDeleted',
    `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
  );
}
