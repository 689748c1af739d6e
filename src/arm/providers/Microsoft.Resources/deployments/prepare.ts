import { textsIn } from '../../../../core/conceal.ts';
import type { Json } from '../../../../core/json.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { templateEnvironment } from '../../../../core/template/environment.ts';
import { type Environment, isValue } from '../../../../core/template/expression/evaluated.ts';
import { invalidTemplate } from '../../../../core/template/invalid-template.ts';
import { type BoundParameters, bindParameters } from '../../../../core/template/parameters.ts';
import { parseTemplate } from '../../../../core/template/parse-template.ts';
import { planTemplate, type TemplatePlan } from '../../../../core/template/plan.ts';
import type { Template } from '../../../../core/template/template.ts';
import type { Behalf, Call, ProviderContext } from '../../../provider-contract.ts';
import { type DeploymentRequest, parseRequest } from './deployment-request.ts';
import { type DeploymentParts, loadSurroundings } from './surroundings.ts';

/** A parameter as a deployment shows it; a secure one without its value. */
export interface ShownParameter {
  readonly name: string;
  readonly type: string;
  readonly value?: Json;
}

/** A deployment that can begin: its template is read, its parameters are known, its resources are planned. Held in memory alone. */
export interface PreparedDeployment {
  readonly request: DeploymentRequest;
  readonly template: Template;
  readonly plan: TemplatePlan;
  readonly environment: Environment;
  readonly parameters: readonly ShownParameter[];
  /** On whose behalf its resources are made, with the values of secure parameters. */
  readonly behalf: Behalf;
}

/** Reads what a deployment is asked to do. Refuses `InvalidRequestContent` and `InvalidTemplate`. */
export async function prepare(
  context: ProviderContext,
  parts: DeploymentParts,
  call: Call,
): Promise<PreparedDeployment | Refusal> {
  const request = parseRequest(call);
  if (isRefusal(request)) return request;
  const template = parseTemplate(request.template);
  if (isRefusal(template)) return template;
  const bound = bindParameters(template, request.parameters);
  if (isRefusal(bound)) return bound;
  const environment = templateEnvironment(template, bound, await loadSurroundings(context, parts, call, request));
  const values = evaluateParameters(bound, environment);
  if (isRefusal(values)) return values;
  const plan = planTemplate(template, environment, request.scope);
  if (isRefusal(plan)) return plan;
  const { caller, correlationId, origin, clientAddress, stackId } = call;
  const secrets = new Set([...(call.secrets ?? []), ...values.secrets]);
  const behalf = {
    caller,
    correlationId,
    origin,
    secrets,
    ...(clientAddress === undefined ? {} : { clientAddress }),
    ...(stackId === undefined ? {} : { stackId }),
  };
  return { request, template, plan, environment, parameters: values.shown, behalf };
}

function evaluateParameters(
  bound: BoundParameters,
  environment: Environment,
): { readonly shown: readonly ShownParameter[]; readonly secrets: readonly string[] } | Refusal {
  const shown: ShownParameter[] = [];
  const secrets: string[] = [];
  for (const { name, type, secure } of bound.values()) {
    const value = environment.function('parameters')?.([name]);
    if (value === undefined || !isValue(value)) {
      const why = isRefusal(value) ? value.message : 'it has no value';
      return invalidTemplate(`The template parameter '${name}' is not valid: ${why}`);
    }
    if (secure) secrets.push(...textsIn(value.value));
    shown.push(secure ? { name, type } : { name, type, value: value.value });
  }
  return { shown, secrets };
}
