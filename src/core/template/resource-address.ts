import { isRefusal, type Refusal } from '../refusal.ts';
import { canonicalId, formatGroupId, formatSubscriptionId } from '../resource-id.ts';
import { invalidTemplate } from './invalid-template.ts';
import { type DeploymentScope, parseScope } from './scope.ts';

/** What says where a resource of a template lies; everything evaluated. */
export interface Address {
  /** `Microsoft.Network/virtualNetworks/subnets`; also `Microsoft.Storage/storageAccounts/providers/roleAssignments`. */
  readonly type: string;
  /** `network/subnet`: as many names as the type has words. */
  readonly name: string;
  readonly scope?: string;
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
}

/** Types that are not under `/providers` of where they lie. */
const containers: Readonly<Record<string, string>> = {
  'microsoft.resources/resourcegroups': 'resourceGroups',
  'microsoft.resources/subscriptions/resourcegroups': 'resourceGroups',
};

/** Types of the tenant, wherever the deployment is. */
const ofTenant = new Set(['microsoft.management/managementgroups', 'microsoft.subscription/aliases']);

/** The id of a template's resource. Refuses `InvalidTemplate`. */
export function addressOf(address: Address, deployment: DeploymentScope): string | Refusal {
  const { type, name } = address;
  const [namespace, ...words] = type.split('/');
  const names = name.split('/');
  if (namespace === undefined || words.length !== names.length || [...words, ...names].includes('')) {
    return invalidTemplate(
      `The template resource '${name}' for type '${type}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name. A root resource type must have segment length one greater than its resource name. Please see https://aka.ms/arm-syntax-resources for usage details.`,
    );
  }
  const scope = scopeOf(address, deployment);
  if (isRefusal(scope)) return scope;
  const container = containers[type.toLowerCase()];
  const below =
    container === undefined ? `providers/${namespace}/${interleave(words, names)}` : `${container}/${names.at(-1)}`;
  return canonicalId(`${scope}/${below}`);
}

/** `virtualNetworks/a/subnets/b`. */
export function interleave(words: readonly string[], names: readonly string[]): string {
  return words.map((word, at) => `${word}/${names[at]}`).join('/');
}

function scopeOf(address: Address, deployment: DeploymentScope): string | Refusal {
  const { scope, type } = address;
  if (scope !== undefined) return scopeWritten(scope, address, deployment);
  if (ofTenant.has(type.toLowerCase())) return '/';
  if (containers[type.toLowerCase()] !== undefined) return subscriptionOf(address, deployment);
  return address.subscriptionId === undefined && address.resourceGroup === undefined
    ? deployment.id
    : nestedScope(address, deployment);
}

function subscriptionOf({ subscriptionId, name }: Address, deployment: DeploymentScope): string | Refusal {
  const own = subscriptionId ?? deployment.subscriptionId;
  return own === undefined
    ? invalidTemplate(`the resource group '${name}' lies in no subscription: deploy it at a subscription`)
    : formatSubscriptionId(own);
}

/** Of a nested deployment. */
function nestedScope({ subscriptionId, resourceGroup, name }: Address, deployment: DeploymentScope): string | Refusal {
  const subscription = subscriptionId ?? deployment.subscriptionId;
  if (subscription === undefined) {
    return invalidTemplate(`the resource '${name}' names the group '${resourceGroup}', but no subscription`);
  }
  return resourceGroup === undefined ? formatSubscriptionId(subscription) : formatGroupId(subscription, resourceGroup);
}

/** `/`, a whole id, `Microsoft.Management/managementGroups/{name}`, or a resource of the same group: `Microsoft.Storage/storageAccounts/{name}`. */
function scopeWritten(scope: string, address: Address, deployment: DeploymentScope): string | Refusal {
  if (scope.startsWith('/')) return scope;
  const [namespace, ...rest] = scope.split('/');
  if (namespace === undefined || rest.length === 0 || rest.length % 2 !== 0) {
    return invalidTemplate(`the scope '${scope}' of the resource '${address.name}' is no resource id`);
  }
  const atTenant = parseScope(`/providers/${scope}`)?.kind === 'managementGroup';
  return `${atTenant ? '' : deployment.id}/providers/${scope}`;
}
