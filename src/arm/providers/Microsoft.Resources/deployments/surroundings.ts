import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { documentKey } from '../../../../core/ports/store.ts';
import { regions } from '../../../../core/regions.ts';
import { formatSubscriptionId } from '../../../../core/resource-id.ts';
import type { Surroundings } from '../../../../core/template/surroundings.ts';
import type { Call, Catalog, InnerDoor, ProviderContext } from '../../../provider-contract.ts';
import type { DeploymentRequest } from './deployment-request.ts';

/** What deployments are made with, beside what every provider has. */
export interface DeploymentParts {
  readonly catalog: Catalog;
  readonly inner: () => InnerDoor;
}

/** Loads what a template may ask of what is around it. */
export async function loadSurroundings(
  context: ProviderContext,
  { catalog, inner }: DeploymentParts,
  call: Call,
  request: DeploymentRequest,
): Promise<Surroundings> {
  const { store, directory, random } = context;
  const { scope } = request;
  const [container, subscription] = await Promise.all([
    scope.kind === 'tenant' ? undefined : store.get(documentKey(scope.id)),
    scope.subscriptionId === undefined ? undefined : store.get(documentKey(formatSubscriptionId(scope.subscriptionId))),
  ]);
  const providers = await catalog();
  const { tenantId, displayName, defaultDomain } = directory.tenant;
  return {
    scope,
    now: call.now,
    newGuid: () => random.uuid(),
    deployment: deploymentOf(request),
    deployer: { objectId: call.caller.objectId, tenantId: call.caller.tenantId, userPrincipalName: '' },
    environment: inner().cloudAt(call.origin),
    tenant: { id: `/tenants/${tenantId}`, tenantId, countryCode: 'US', displayName, defaultDomain },
    ...(subscription === undefined ? {} : { subscription: subscriptionOf(subscription.body, tenantId) }),
    ...(scope.kind === 'group' && container !== undefined ? { resourceGroup: { tags: {}, ...container.body } } : {}),
    ...(scope.kind === 'managementGroup' && container !== undefined ? { managementGroup: container.body } : {}),
    provider: (namespace, type) => {
      const found = providers
        .find((one) => one.namespace.toLowerCase() === namespace.toLowerCase())
        ?.resourceTypes.find((one) => one.type.toLowerCase() === type.toLowerCase());
      if (found === undefined) return undefined;
      const locations = found.regional ? regions.map((region) => region.displayName) : [];
      return { resourceType: found.type, locations, apiVersions: found.apiVersions };
    },
  };
}

/** Of the parameters of a deployment only the names: their values are the template's own affair. */
function deploymentOf({ name, location, mode, template }: DeploymentRequest): JsonObject {
  const contentVersion = isJsonObject(template) ? template['contentVersion'] : undefined;
  return {
    name,
    ...(location === undefined ? {} : { location }),
    properties: {
      template,
      ...(contentVersion === undefined ? {} : { contentVersion }),
      mode,
      provisioningState: 'Accepted',
    },
  };
}

function subscriptionOf(body: JsonObject, tenantId: string): JsonObject {
  const { id, subscriptionId, displayName } = body;
  return { id: id ?? '', subscriptionId: subscriptionId ?? '', tenantId, displayName: displayName ?? '' };
}
