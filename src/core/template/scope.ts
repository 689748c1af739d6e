import { parseResourceId } from '../resource-id.ts';

/** Where a deployment is made: what its resources lie in, unless they say otherwise. */
export interface DeploymentScope {
  readonly kind: 'group' | 'subscription' | 'managementGroup' | 'tenant';
  /** Canonical; `/` is the tenant. */
  readonly id: string;
  readonly subscriptionId?: string;
  readonly resourceGroupName?: string;
}

const managementGroup = /^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i;

/** The scope of an id; undefined for what no deployment can be made at. */
export function parseScope(id: string): DeploymentScope | undefined {
  if (id === '/' || id === '') return { kind: 'tenant', id: '/' };
  if (managementGroup.test(id)) return { kind: 'managementGroup', id };
  const parsed = parseResourceId(id);
  if (parsed?.subscriptionId === undefined || parsed.provider !== undefined) return undefined;
  const { subscriptionId, resourceGroupName } = parsed;
  if (resourceGroupName === undefined) return { kind: 'subscription', id, subscriptionId };
  return { kind: 'group', id, subscriptionId, resourceGroupName };
}
