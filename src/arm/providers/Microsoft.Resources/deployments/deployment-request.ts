import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { parseTags, type Tags } from '../../../../core/tags.ts';
import { type DeploymentScope, parseScope } from '../../../../core/template/scope.ts';
import type { Call } from '../../../provider-contract.ts';
import { deploymentType } from './deployment-document.ts';

/** What a deployment is asked to do, checked; the template is not read yet. */
export interface DeploymentRequest {
  readonly id: string;
  readonly name: string;
  readonly scope: DeploymentScope;
  readonly mode: 'Incremental' | 'Complete';
  readonly template: Json;
  readonly parameters: Json | undefined;
  /** Where the record of the deployment is kept, of one that is not made in a group. */
  readonly location?: string;
  readonly tags?: Tags;
}

/** Reads a deployment's body. Refuses `InvalidRequestContent`, `LocationRequired`, and what would need a network. */
export function parseRequest(call: Call): DeploymentRequest | Refusal {
  const scope = parseScope(call.params['scope'] ?? '/');
  const name = call.params['deploymentName'] ?? '';
  if (scope === undefined) {
    return refuse(
      'InvalidRequestContent',
      `A deployment cannot be made at '${call.params['scope']}'. Use a resource group, a subscription, a management group or the tenant.`,
    );
  }
  if (!/^[\w.()-]{1,64}$/.test(name)) {
    return invalid(`the name '${name}' must have 1 to 64 characters, each a letter, digit, '-', '.', '(', ')' or '_'`);
  }
  const body = isJsonObject(call.body) ? call.body : {};
  const properties = body['properties'];
  if (!isJsonObject(properties)) return invalid("'properties' must be an object");
  const wrong = judgeElsewhere(properties);
  if (wrong !== undefined) return wrong;
  const mode = modeOf(properties['mode'], scope);
  if (isRefusal(mode)) return mode;
  const location = locationOf(body['location'], scope);
  if (isRefusal(location)) return location;
  const tags = parseTags(body['tags']);
  if (isRefusal(tags)) return tags;
  return {
    id: call.resourceId.replace(/\/(validate|whatIf)$/i, ''),
    name,
    scope,
    mode,
    template: properties['template'] ?? null,
    parameters: properties['parameters'],
    ...(location === undefined ? {} : { location }),
    ...(body['tags'] === undefined || body['tags'] === null ? {} : { tags }),
  };
}

/** Links lead out of here, and nothing here asks the network. */
function judgeElsewhere(properties: JsonObject): Refusal | undefined {
  for (const link of ['templateLink', 'parametersLink']) {
    const given = properties[link];
    if (given === undefined || given === null) continue;
    const spec = isJsonObject(given) && typeof given['id'] === 'string';
    const why = spec ? 'Template specs are not kept here.' : 'Postern opens no connections to fetch it.';
    const instead = link === 'templateLink' ? "Send it as 'template'." : "Send them as 'parameters'.";
    return invalid(`'${link}' is not supported. ${why} ${instead}`);
  }
  if (properties['template'] === undefined) return invalid("'template' is missing");
  if (properties['onErrorDeployment'] === undefined || properties['onErrorDeployment'] === null) return undefined;
  return invalid("'onErrorDeployment' is not supported: a deployment that fails leaves what it has made");
}

function modeOf(value: Json | undefined, { kind }: DeploymentScope): 'Incremental' | 'Complete' | Refusal {
  const mode = (['Incremental', 'Complete'] as const).find((one) => one.toLowerCase() === String(value).toLowerCase());
  if (mode === undefined) return invalid(`'mode' must be 'Incremental' or 'Complete', not '${String(value ?? '')}'`);
  if (mode === 'Incremental' || kind === 'group') return mode;
  return invalid("the mode 'Complete' is for deployments of resource groups");
}

/** A group's deployments are kept with it; others must say where. */
function locationOf(value: Json | undefined, { kind }: DeploymentScope): string | undefined | Refusal {
  if (kind !== 'group') return parseLocation(value, deploymentType);
  if (value === undefined || value === null) return undefined;
  return refuse('InvalidRequestContent', "The 'location' property is not allowed for deployments of a resource group.");
}

function invalid(why: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: ${why}.`);
}
