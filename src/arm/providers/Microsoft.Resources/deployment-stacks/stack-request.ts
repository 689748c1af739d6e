import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { canonicalId, isAtOrBelow } from '../../../../core/resource-id.ts';
import { type ActionOnUnmanage, parseActionOnUnmanage } from '../../../../core/stacks/action-on-unmanage.ts';
import { type DenySettings, parseDenySettings } from '../../../../core/stacks/deny-settings.ts';
import { parseTags, type Tags } from '../../../../core/tags.ts';
import { type DeploymentScope, parseScope } from '../../../../core/template/scope.ts';
import type { Call } from '../../../provider-contract.ts';
import { stackType } from './stack-document.ts';

/** What a stack is asked to be, checked; its template is not read yet. */
export interface StackRequest {
  readonly id: string;
  readonly name: string;
  readonly scope: DeploymentScope;
  /** Where its template is deployed, and its denials hold: its own scope, or one below. */
  readonly deploymentScope: DeploymentScope;
  readonly denySettings: DenySettings;
  readonly actionOnUnmanage: ActionOnUnmanage;
  readonly description?: string;
  readonly validationLevel?: string;
  readonly location?: string;
  readonly tags?: Tags;
  /** The deployment's body. */
  readonly deployment: JsonObject;
}

/** Reads a stack's body. Refuses `InvalidRequestContent` and what its location and tags are refused for. */
export function parseStackRequest(call: Call): StackRequest | Refusal {
  const body = isJsonObject(call.body) ? call.body : {};
  const properties = body['properties'];
  if (!isJsonObject(properties)) return invalid("'properties' must be an object");
  const where = parsePlace(call, properties);
  if (isRefusal(where)) return where;
  const denySettings = parseDenySettings(properties['denySettings']);
  if (isRefusal(denySettings)) return denySettings;
  const actionOnUnmanage = parseActionOnUnmanage(properties['actionOnUnmanage']);
  if (isRefusal(actionOnUnmanage)) return actionOnUnmanage;
  const location = locationOf(body['location'], where.scope);
  if (isRefusal(location)) return location;
  const tags = parseTags(body['tags']);
  if (isRefusal(tags)) return tags;
  const { description, validationLevel } = properties;
  return {
    id: call.resourceId,
    ...where,
    denySettings,
    actionOnUnmanage,
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof validationLevel === 'string' ? { validationLevel } : {}),
    ...(location === undefined ? {} : { location }),
    ...(body['tags'] === undefined || body['tags'] === null ? {} : { tags }),
    deployment: deploymentOf(properties, where.deploymentScope, location),
  };
}

function parsePlace(
  call: Call,
  properties: JsonObject,
): Pick<StackRequest, 'name' | 'scope' | 'deploymentScope'> | Refusal {
  const name = call.params['deploymentStackName'] ?? '';
  if (!/^[\w.()-]{1,90}$/.test(name)) {
    return invalid(`the name '${name}' must have 1 to 90 characters, each a letter, digit, '-', '.', '(', ')' or '_'`);
  }
  const scope = parseScope(call.params['scope'] ?? '/');
  if (scope === undefined || scope.kind === 'tenant') {
    return invalid('a deployment stack is made in a resource group, a subscription or a management group');
  }
  const given = properties['deploymentScope'];
  if (given === undefined || given === null) return { name, scope, deploymentScope: scope };
  const deploymentScope = typeof given === 'string' ? parseScope(canonicalId(given)) : undefined;
  if (deploymentScope === undefined || !lies(deploymentScope, scope)) {
    return invalid(`'deploymentScope' must be a scope below that of the stack, '${scope.id}', not '${String(given)}'`);
  }
  return { name, scope, deploymentScope };
}

/** Whether what a management group's stack deploys to lies below it is the permissions' affair: the ids do not tell. */
function lies(deploymentScope: DeploymentScope, { kind, id }: DeploymentScope): boolean {
  if (kind === 'managementGroup') return deploymentScope.kind === 'subscription' || isAtOrBelow(deploymentScope.id, id);
  return isAtOrBelow(deploymentScope.id, id);
}

/** A group's stack lies where its group lies; others must say where they are kept. */
function locationOf(value: Json | undefined, { kind }: DeploymentScope): string | undefined | Refusal {
  if (kind !== 'group') return parseLocation(value, stackType);
  if (value === undefined || value === null) return undefined;
  return invalid("the 'location' property is not allowed for deployment stacks of a resource group");
}

function deploymentOf(properties: JsonObject, { kind }: DeploymentScope, location: string | undefined): JsonObject {
  const words = ['template', 'templateLink', 'parameters', 'parametersLink'];
  const given = words.flatMap((word): [string, Json][] => {
    const value = properties[word];
    return value === undefined || value === null ? [] : [[word, value]];
  });
  return {
    ...(kind === 'group' || location === undefined ? {} : { location }),
    properties: { mode: 'Incremental', ...(Object.fromEntries(given) as JsonObject) },
  };
}

function invalid(why: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: ${why}.`);
}
