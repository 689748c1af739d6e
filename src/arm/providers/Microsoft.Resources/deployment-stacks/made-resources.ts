import { isJsonObject } from '../../../../core/json.ts';
import type { Store } from '../../../../core/ports/store.ts';
import { foldId } from '../../../../core/resource-id.ts';
import { deploymentType, operationsRoot, propertiesOf } from '../deployments/deployment-document.ts';

/**
 * The ids of what a deployment has made, those nested in it included, whatever became of the deployment itself. Nested deployments
 * are no resources of a stack.
 */
export async function madeResources(store: Store, deploymentId: string): Promise<readonly string[]> {
  const made = new Map<string, string>();
  await follow(store, deploymentId, made, new Set());
  return [...made.values()].toSorted((a, b) => (foldId(a) < foldId(b) ? -1 : 1));
}

async function follow(store: Store, deploymentId: string, made: Map<string, string>, seen: Set<string>): Promise<void> {
  if (seen.has(foldId(deploymentId))) return;
  seen.add(foldId(deploymentId));
  for (const { body } of await store.list(operationsRoot(deploymentId))) {
    const { provisioningOperation, provisioningState, targetResource } = propertiesOf(body);
    if (provisioningOperation !== 'Create' || !isJsonObject(targetResource)) continue;
    const id = String(targetResource['id']);
    if (sameType(targetResource['resourceType'], deploymentType)) await follow(store, id, made, seen);
    else if (provisioningState === 'Succeeded') made.set(foldId(id), id);
  }
}

function sameType(type: unknown, other: string): boolean {
  return String(type).toLowerCase() === other.toLowerCase();
}
