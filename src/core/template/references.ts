import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { foldId, parseResourceId } from '../resource-id.ts';
import type { Budget } from './expression/budget.ts';
import type { Environment, Evaluated } from './expression/evaluated.ts';
import type { TemplatePlan } from './plan.ts';
import type { PlannedResource } from './planned-resource.ts';
import type { DeploymentScope } from './scope.ts';

/** What an expression waits for: a resource as it is, or what an action of one answers. */
export interface Wanted {
  readonly id: string;
  readonly apiVersion: string;
  /** `listKeys`; undefined: the resource itself. */
  readonly action?: string;
  readonly body?: Json;
  /** The plan's key, where the resource is the template's own: it must be done first. */
  readonly planned?: string;
}

/** What has been loaded, by `keyOfWanted`. */
export type Loaded = ReadonlyMap<string, Json>;

/** The environment of a template whose resources are being made: `reference` and `list…` answer what has been loaded, or await it. */
export function withReferences(
  environment: Environment,
  plan: TemplatePlan,
  scope: DeploymentScope,
  loaded: Loaded,
  budget: Budget,
): Environment {
  const find = (text: string) => findTarget(text, plan, scope);
  return {
    ...environment,
    budget,
    function: (name, namespace) => {
      if (namespace === undefined && name === 'reference') return (args) => reference(args, find, loaded);
      if (namespace === undefined && name === 'references') return (args) => references(args, plan, loaded);
      if (namespace === undefined && /^list[a-z]/.test(name)) return (args) => list(name, args, find, loaded);
      return environment.function(name, namespace);
    },
  };
}

/** What is wanted, as one text. */
export function keyOfWanted({ id, apiVersion, action, body }: Wanted): string {
  const asked = action === undefined ? '' : `#${action.toLowerCase()}#${JSON.stringify(body ?? null)}`;
  return `${foldId(id)}?${apiVersion}${asked}`;
}

interface Target {
  readonly id: string;
  readonly planned?: PlannedResource;
}

type Find = (text: string) => Target | Refusal;

function findTarget(text: string, plan: TemplatePlan, scope: DeploymentScope): Target | Refusal {
  const [planned] = plan.named.find(text);
  if (planned !== undefined) return { id: planned.id, planned };
  const id = text.startsWith('/') ? text : `${scope.id === '/' ? '' : scope.id}/providers/${text}`;
  if (text.includes('/') && parseResourceId(id) !== undefined) return { id };
  return refuse(
    'InvalidTemplate',
    `The resource '${text}' referenced is not defined in the template. Please see https://aka.ms/arm-function-reference for usage details.`,
  );
}

function reference([name, version, full]: readonly Json[], find: Find, loaded: Loaded): Evaluated {
  const target = find(String(name));
  if ('refused' in target) return target;
  const wanted = wantedOf(target, version);
  if ('refused' in wanted) return wanted;
  const resource = loaded.get(keyOfWanted(wanted));
  return resource === undefined ? { awaits: wanted } : { value: show(resource, wanted, target, full) };
}

/** Of each round of a loop that has a symbolic name. */
function references([name, full]: readonly Json[], plan: TemplatePlan, loaded: Loaded): Evaluated {
  const values: Json[] = [];
  for (const planned of plan.named.find(String(name))) {
    const target = { id: planned.id, planned };
    const wanted = wantedOf(target, undefined);
    if ('refused' in wanted) return wanted;
    const resource = loaded.get(keyOfWanted(wanted));
    if (resource === undefined) return { awaits: wanted };
    values.push(show(resource, wanted, target, full));
  }
  return { value: values };
}

function list(name: string, [of, version, body]: readonly Json[], find: Find, loaded: Loaded): Evaluated {
  const target = find(String(of));
  if ('refused' in target) return target;
  const wanted = wantedOf(target, version);
  if ('refused' in wanted) return wanted;
  const action = `list${name.slice(4, 5).toUpperCase()}${name.slice(5)}`;
  const asked: Wanted = { ...wanted, action, ...(body === undefined ? {} : { body }) };
  const answer = loaded.get(keyOfWanted(asked));
  return answer === undefined ? { awaits: asked } : { value: answer };
}

function wantedOf({ id, planned }: Target, version: Json | undefined): Wanted | Refusal {
  const apiVersion = typeof version === 'string' && version !== '' ? version : planned?.apiVersion;
  if (apiVersion === undefined) {
    return refuse(
      'InvalidTemplate',
      `The function 'reference' of '${id}' must say an api-version: the resource is not one of the template's own.`,
    );
  }
  return { id, apiVersion, ...(planned === undefined ? {} : { planned: planned.key }) };
}

/** The properties alone, or with `'Full'` the resource without what its id says. */
function show(resource: Json, { apiVersion }: Wanted, { id, planned }: Target, full: Json | undefined): Json {
  if (!isJsonObject(resource)) return resource;
  if (String(full ?? '').toLowerCase() !== 'full') return resource['properties'] ?? {};
  const { id: _id, name: _name, type: _type, ...rest } = resource;
  const parsed = parseResourceId(id);
  return {
    ...rest,
    apiVersion,
    resourceId: relative(id),
    ...(parsed?.subscriptionId === undefined ? {} : { subscriptionId: parsed.subscriptionId }),
    ...(parsed?.resourceGroupName === undefined ? {} : { resourceGroupName: parsed.resourceGroupName }),
    referenceApiVersion: apiVersion,
    condition: planned?.deployed ?? true,
    isConditionTrue: planned?.deployed ?? true,
    isTemplateResource: planned !== undefined,
    isAction: false,
    provisioningOperation: 'Read',
  } satisfies JsonObject;
}

/** `Microsoft.Compute/virtualMachines/web-1`. */
function relative(id: string): string {
  return id.slice(id.lastIndexOf('/providers/') + '/providers/'.length);
}
