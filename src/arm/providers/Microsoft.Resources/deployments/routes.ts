// Microsoft.Resources/deployments: templates become resources here, each written through the front door as the deployer's own
// request. What answers is loaded with the first request; the template language is `core/template`.

import { isJsonObject, type Json } from '../../../../core/json.ts';
import type { Operation, ProviderContext, Work } from '../../../provider-contract.ts';
import type { ActiveRuns } from './active-runs.ts';
import type { DeploymentParts } from './surroundings.ts';

const answers = () => import('./operations.ts');

const collection = '/{scope}/providers/Microsoft.Resources/deployments';
const one = `${collection}/{deploymentName}`;
const type = 'Microsoft.Resources/deployments';

/** Where clients ask for the operations of a group's deployment. @see Microsoft.Resources deployments swagger, DeploymentOperations_List */
const ofGroup = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}';
const oldOperations = `${ofGroup}/deployments/{deploymentName}/operations`;
const oldScope = `${ofGroup}/providers/${type}/{deploymentName}`;

/** Deployments at every scope that can have them, and the work that makes them. */
export function deployments(
  context: ProviderContext,
  parts: DeploymentParts,
): { readonly operations: readonly Operation[]; readonly works: Readonly<Record<string, Work>> } {
  const runs: ActiveRuns = new Map();
  return {
    operations: [...readings(context, runs), ...writings(context, parts, runs)],
    works: { deploy: async (input) => (await answers()).performDeployment(context, parts, runs, input) },
  };
}

function readings(context: ProviderContext, runs: ActiveRuns): readonly Operation[] {
  const permission = `${type}/read`;
  const ofOperations = `${type}/operations/read`;
  return [
    {
      method: 'GET',
      path: collection,
      permission,
      handle: async (call) => (await answers()).listDeployments(context, runs, call),
    },
    {
      method: 'GET',
      path: one,
      permission,
      handle: async (call) => (await answers()).getDeployment(context, runs, call),
    },
    {
      method: 'HEAD',
      path: one,
      permission,
      handle: async (call) => (await answers()).getDeployment(context, runs, call),
    },
    ...[{ path: `${one}/operations` }, { path: oldOperations, permissionScope: oldScope }].flatMap(
      ({ path, ...where }): readonly Operation[] => [
        {
          method: 'GET',
          path,
          ...where,
          permission: ofOperations,
          handle: async (call) => (await answers()).listOperations(context, runs, call),
        },
        {
          method: 'GET',
          path: `${path}/{operationId}`,
          ...where,
          permission: ofOperations,
          handle: async (call) => (await answers()).getOperation(context, runs, call),
        },
      ],
    ),
    {
      method: 'POST',
      path: `${one}/exportTemplate`,
      permission: `${type}/exportTemplate/action`,
      handle: async (call) => (await answers()).exportTemplate(context, runs, call),
    },
  ];
}

function writings(context: ProviderContext, parts: DeploymentParts, runs: ActiveRuns): readonly Operation[] {
  return [
    {
      method: 'PUT',
      path: one,
      permission: `${type}/write`,
      lenient: true,
      recordedBody: withoutTemplate,
      handle: async (call) => (await answers()).putDeployment(context, parts, runs, call),
    },
    {
      method: 'POST',
      path: `${one}/validate`,
      permission: `${type}/validate/action`,
      lenient: true,
      recordedBody: withoutTemplate,
      handle: async (call) => (await answers()).validateDeployment(context, parts, call),
    },
    {
      method: 'POST',
      path: `${one}/whatIf`,
      permission: `${type}/whatIf/action`,
      lenient: true,
      recordedBody: withoutTemplate,
      handle: async (call) => (await answers()).whatIf(context, parts, call),
    },
    {
      method: 'POST',
      path: `${one}/cancel`,
      permission: `${type}/cancel/action`,
      handle: async (call) => (await answers()).cancelDeployment(context, runs, call),
    },
    {
      method: 'DELETE',
      path: one,
      permission: `${type}/delete`,
      handle: async (call) => (await answers()).deleteDeployment(context, runs, call),
    },
  ];
}

/** Parameters may be secure, and a template may hold what was: neither is recorded. */
export function withoutTemplate(body: Json): Json {
  if (!isJsonObject(body) || !isJsonObject(body['properties'])) return {};
  const { template: _template, parameters: _parameters, ...properties } = body['properties'];
  return { ...body, properties };
}
