import { conceal } from '../../../../core/conceal.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { foldId } from '../../../../core/resource-id.ts';
import { deploymentType, evaluateBody } from '../../../../core/template/body.ts';
import type { PlannedResource } from '../../../../core/template/planned-resource.ts';
import { propertyChanges } from '../../../../core/template/property-changes.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { othersOf } from './complete-mode.ts';
import { preflight } from './preflight.ts';
import { type PreparedDeployment, prepare } from './prepare.ts';
import { ResourceLoader } from './resource-loader.ts';
import type { DeploymentParts } from './surroundings.ts';

/** How deep deployments are followed into each other. */
const deepest = 8;

/** A resource as a deployment would change it. */
interface ResourceChange extends JsonObject {
  readonly resourceId: string;
  readonly changeType: 'Create' | 'Modify' | 'NoChange' | 'Deploy' | 'Delete' | 'Ignore';
}

/** What a deployment would change, nested ones included, without changing anything. */
export async function whatIf(context: ProviderContext, parts: DeploymentParts, call: Call): Promise<Answer | Refusal> {
  const changes = await changesOf(context, parts, call, 0);
  if (isRefusal(changes)) return changes;
  const settings =
    isJsonObject(call.body) && isJsonObject(call.body['properties'])
      ? call.body['properties']['whatIfSettings']
      : undefined;
  const idsOnly = isJsonObject(settings) && String(settings['resultFormat']).toLowerCase() === 'resourceidonly';
  const shown = idsOnly ? changes.map(({ resourceId, changeType }) => ({ resourceId, changeType })) : changes;
  const inOrder = shown.toSorted((a, b) => (foldId(a.resourceId) < foldId(b.resourceId) ? -1 : 1));
  return {
    status: 200,
    body: { status: 'Succeeded', properties: { correlationId: call.correlationId, changes: inOrder } },
  };
}

async function changesOf(
  context: ProviderContext,
  parts: DeploymentParts,
  call: Call,
  depth: number,
): Promise<readonly ResourceChange[] | Refusal> {
  if (depth > deepest) return refuse('InvalidTemplate', `Deployments are nested more than ${deepest} levels deep.`);
  const prepared = await prepare(context, parts, call);
  if (isRefusal(prepared)) return prepared;
  const refused = await preflight(prepared, parts.inner());
  if (refused !== undefined) return refused;
  const loader = new ResourceLoader(prepared, parts.inner());
  const changes: ResourceChange[] = [];
  for (const resource of prepared.plan.resources.filter(({ deployed }) => deployed)) {
    const body = await bodyOf(resource, loader);
    const nested = resource.type.toLowerCase() === deploymentType && body !== undefined;
    const own = nested
      ? await changesOf(context, parts, nestedCall(call, resource, body), depth + 1)
      : await changeOf(prepared, parts, resource, body);
    if (isRefusal(own)) return own;
    changes.push(...own);
  }
  return [...changes, ...(depth === 0 ? await othersIn(context, prepared) : [])];
}

/** What would be sent; undefined where that depends on what is yet to be made. */
async function bodyOf(resource: PlannedResource, loader: ResourceLoader): Promise<JsonObject | undefined> {
  const body = await loader.evaluate(() => evaluateBody(resource, loader.environment()));
  return isRefusal(body) || !isJsonObject(body.value) ? undefined : body.value;
}

function nestedCall(call: Call, { id, name }: PlannedResource, body: JsonObject): Call {
  const scope = id.slice(0, id.lastIndexOf('/providers/')) || '/';
  return { ...call, params: { scope, deploymentName: name }, resourceId: id, body };
}

async function changeOf(
  { behalf }: PreparedDeployment,
  parts: DeploymentParts,
  { id, type, name, apiVersion, declaration }: PlannedResource,
  body: JsonObject | undefined,
): Promise<readonly ResourceChange[] | Refusal> {
  const found = await parts.inner().ask(behalf, { method: 'GET', path: id, apiVersion });
  if (isRefusal(found) && found.refused === 'AuthorizationFailed') return found;
  const after = conceal(
    { id, type, name: name.slice(name.lastIndexOf('/') + 1), apiVersion, ...(body ?? declaration.body) },
    behalf.secrets ?? new Set(),
  );
  if (isRefusal(found)) return [{ resourceId: id, changeType: 'Create', before: null, after, delta: null }];
  const before = isJsonObject(found.body) ? withoutReadOnly(found.body) : {};
  const shown = { ...before, apiVersion };
  if (body === undefined) return [{ resourceId: id, changeType: 'Deploy', before: shown, after, delta: null }];
  const delta = propertyChanges(before, body);
  const changeType = delta.length === 0 ? 'NoChange' : 'Modify';
  return [{ resourceId: id, changeType, before: shown, after, delta: delta as unknown as Json }];
}

function withoutReadOnly({ systemData: _s, etag: _e, ...resource }: JsonObject): JsonObject {
  return resource;
}

/** What else is in the group: it goes in Complete mode, and stays as it is otherwise. */
async function othersIn(context: ProviderContext, prepared: PreparedDeployment): Promise<readonly ResourceChange[]> {
  if (prepared.request.scope.kind !== 'group') return [];
  const changeType = prepared.request.mode === 'Complete' ? 'Delete' : 'Ignore';
  const others = await othersOf(context, prepared);
  return others.map((body) => {
    const shown = withoutReadOnly(body);
    const after = changeType === 'Delete' ? null : shown;
    return { resourceId: String(body['id']), changeType, before: shown, after, delta: null };
  });
}
