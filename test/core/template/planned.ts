import type { Json, JsonObject } from '../../../src/core/json.ts';
import { isRefusal, type Refusal } from '../../../src/core/refusal.ts';
import { templateEnvironment } from '../../../src/core/template/environment.ts';
import { evaluateString } from '../../../src/core/template/expression/evaluate.ts';
import { type Environment, isValue } from '../../../src/core/template/expression/evaluated.ts';
import { bindParameters } from '../../../src/core/template/parameters.ts';
import { parseTemplate } from '../../../src/core/template/parse-template.ts';
import { planTemplate, type TemplatePlan } from '../../../src/core/template/plan.ts';
import { type DeploymentScope, parseScope } from '../../../src/core/template/scope.ts';
import type { Surroundings } from '../../../src/core/template/surroundings.ts';
import type { Template } from '../../../src/core/template/template.ts';
import type { EpochMillis } from '../../../src/core/time.ts';

export const subscription = '/subscriptions/22222222-2222-4222-8222-222222222222';
export const group = `${subscription}/resourceGroups/rg1`;

/** A template as it is written. */
export function written(parts: JsonObject): JsonObject {
  return { $schema: 'https://schema', contentVersion: '1.0.0.0', resources: [], ...parts };
}

/** A storage account as a template declares it. */
export function account(name: string, more: JsonObject = {}): JsonObject {
  return { type: 'Microsoft.Storage/storageAccounts', apiVersion: '2023-01-01', name, ...more };
}

export function scopeOf(id: string): DeploymentScope {
  const scope = parseScope(id);
  if (scope === undefined) throw new Error(`${id} is no scope`);
  return scope;
}

/** What is around a template in these tests. */
export function around(id = group): Surroundings {
  let next = 0;
  const scope = scopeOf(id);
  return {
    scope,
    deployment: { name: 'one' },
    deployer: { objectId: 'me' },
    environment: { name: 'Postern' },
    tenant: { tenantId: 't' },
    ...(scope.subscriptionId === undefined ? {} : { subscription: { subscriptionId: scope.subscriptionId } }),
    ...(scope.kind === 'group' ? { resourceGroup: { location: 'eastus' } } : {}),
    now: Date.parse('2026-11-23T08:09:10Z') as EpochMillis,
    newGuid: () => {
      next += 1;
      return `guid-${next}`;
    },
    provider: (namespace, type) =>
      namespace === 'Microsoft.Network'
        ? { resourceType: type, locations: [], apiVersions: ['2023-01-01'] }
        : undefined,
  };
}

/** A template, read, with its environment. Throws where it is refused. */
export function opened(
  parts: JsonObject,
  given?: Json,
  id = group,
): { readonly template: Template; readonly environment: Environment } {
  const template = parseTemplate(written(parts));
  if (isRefusal(template)) throw new Error(template.message);
  const bound = bindParameters(template, given);
  if (isRefusal(bound)) throw new Error(bound.message);
  return { template, environment: templateEnvironment(template, bound, around(id)) };
}

/** The plan of a template, or why there is none. */
export function planned(parts: JsonObject, id = group): TemplatePlan | Refusal {
  const { template, environment } = opened(parts, undefined, id);
  return planTemplate(template, environment, scopeOf(id));
}

/** What an expression comes to; a refusal's message where it comes to none. */
export function comesTo(text: string, environment: Environment): Json {
  const evaluated = evaluateString(text, environment);
  if (isValue(evaluated)) return evaluated.value;
  return isRefusal(evaluated) ? evaluated.message : { awaits: evaluated.awaits as Json };
}
