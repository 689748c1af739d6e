import { isJsonObject, type Json } from '../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { canonicalId, foldId, formatGroupId, formatType, parseResourceId, sameId } from '../../../core/resource-id.ts';

/** Resources of one group that are to lie in another. */
export interface MoveRequest {
  /** Each once, as written. */
  readonly resourceIds: readonly string[];
  readonly targetGroupId: string;
}

const mostResources = 800;

/**
 * Reads the body of moveResources and validateMoveResources. Refuses `InvalidRequestContent` for a wrong shape, and
 * `ResourceMoveProviderValidationFailed` for what does not lie in the source group, is a child of another resource, or would
 * stay where it is.
 * @see https://learn.microsoft.com/rest/api/resources/resources/move-resources
 */
export function parseMove(sourceGroupId: string, body: Json | undefined): MoveRequest | Refusal {
  const resources = isJsonObject(body) ? body['resources'] : undefined;
  const target = isJsonObject(body) ? body['targetResourceGroup'] : undefined;
  if (!Array.isArray(resources) || resources.length === 0 || resources.some((id) => typeof id !== 'string')) {
    return malformed('resources', 'an array of resource ids, at least one');
  }
  if (resources.length > mostResources) return malformed('resources', `at most ${mostResources} resource ids`);
  const group = typeof target === 'string' ? parseResourceId(target) : undefined;
  if (group?.subscriptionId === undefined || group.resourceGroupName === undefined || group.provider !== undefined) {
    return malformed('targetResourceGroup', 'the id of a resource group');
  }
  const targetGroupId = formatGroupId(group.subscriptionId, group.resourceGroupName);
  if (sameId(targetGroupId, sourceGroupId)) {
    return refuseMove(`The target resource group '${targetGroupId}' is the one that the resources are in.`);
  }
  const ids = [...new Map(resources.map((id) => [foldId(String(id)), canonicalId(String(id))])).values()];
  const wrong = ids.map((id) => judgeId(id, sourceGroupId)).find(isRefusal);
  return wrong ?? { resourceIds: ids, targetGroupId };
}

/** A move that cannot be: ARM's code, our own words. */
export function refuseMove(why: string): Refusal {
  return refuse('ResourceMoveProviderValidationFailed', `Resource move validation failed. ${why}`);
}

function judgeId(id: string, sourceGroupId: string): Refusal | undefined {
  const parsed = parseResourceId(id);
  const { provider } = parsed ?? {};
  if (provider === undefined) return refuseMove(`'${id}' is not the id of a resource.`);
  if (!sameId(provider.scope, sourceGroupId)) {
    return refuseMove(`The resource '${id}' does not lie in the resource group '${sourceGroupId}'.`);
  }
  if (provider.steps.length === 1) return undefined;
  return refuseMove(`The resource '${id}' of type '${formatType(provider)}' moves with its parent only.`);
}

function malformed(path: string, expected: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: '${path}' must be ${expected}.`, {
    target: path,
  });
}
