import { conceal } from '../../../../core/conceal.ts';
import type { Json, JsonObject } from '../../../../core/json.ts';
import { sha1 } from '../../../../core/template/expression/hash/sha1.ts';
import { formatType } from '../../../../core/template/outputs.ts';
import type { PlannedResource } from '../../../../core/template/planned-resource.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import { deploymentType, inState } from './deployment-document.ts';
import type { PreparedDeployment } from './prepare.ts';

/** A deployment that begins, as it is stored and shown. @see Microsoft.Resources deployments swagger 2025-04-01, DeploymentExtended */
export function newDeployment(prepared: PreparedDeployment, now: EpochMillis): JsonObject {
  const { request, behalf } = prepared;
  const { id, name, location, tags } = request;
  const body = {
    id,
    name,
    type: deploymentType,
    ...(location === undefined ? {} : { location }),
    ...(tags === undefined ? {} : { tags }),
    properties: { ...describe(prepared), correlationId: behalf.correlationId, began: new Date(now).toISOString() },
  };
  return inState(body, 'Accepted', now);
}

/** What a deployment, and a validation, say of the template and its parameters. */
export function describe({ request, parameters, plan, behalf }: PreparedDeployment): JsonObject {
  const deployed = plan.resources.filter((resource) => resource.deployed);
  return {
    templateHash: hashOf(request.template),
    mode: request.mode,
    parameters: Object.fromEntries(
      parameters.map(({ name, type, value }) => [
        name,
        value === undefined
          ? { type: formatType(type) }
          : { type: formatType(type), value: conceal(value, behalf.secrets ?? none) },
      ]),
    ),
    providers: providersOf(deployed),
    dependencies: deployed.flatMap((resource) => dependencyOf(resource, prepared(plan.resources), plan.needs)),
  };
}

const none: ReadonlySet<string> = new Set();

/** Azure's hash is a number of up to 20 digits; how it is made is not published, so ours is another. */
function hashOf(template: Json): string {
  const digest = sha1(new TextEncoder().encode(JSON.stringify(template)));
  return new DataView(digest.buffer).getBigUint64(0).toString();
}

function providersOf(resources: readonly PlannedResource[]): readonly Json[] {
  const namespaces = new Map<string, Set<string>>();
  for (const { type } of resources) {
    const [namespace = '', ...words] = type.split('/');
    namespaces.set(namespace, (namespaces.get(namespace) ?? new Set()).add(words.join('/')));
  }
  return [...namespaces].map(([namespace, types]) => ({
    namespace,
    resourceTypes: [...types].map((resourceType) => ({ resourceType, locations: [null] })),
  }));
}

function prepared(resources: readonly PlannedResource[]): ReadonlyMap<string, PlannedResource> {
  return new Map(resources.map((resource) => [resource.key, resource]));
}

function dependencyOf(
  resource: PlannedResource,
  byKey: ReadonlyMap<string, PlannedResource>,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Json[] {
  const on = [...(needs.get(resource.key) ?? [])].flatMap((key) => byKey.get(key) ?? []);
  return on.length === 0 ? [] : [{ dependsOn: on.map(describeResource), ...describeResource(resource) }];
}

/** A resource as deployments and their operations name it. */
export function describeResource({ id, type, name }: Pick<PlannedResource, 'id' | 'type' | 'name'>): JsonObject {
  return { id, resourceType: type, resourceName: name };
}
