import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { evaluateCopies } from './evaluate-copies.ts';
import { type Environment, type Evaluated, isValue } from './expression/evaluated.ts';
import type { PlannedResource } from './planned-resource.ts';

/** The type of a deployment, folded: in a template, a nested one. */
export const deploymentType = 'microsoft.resources/deployments';

/** A resource's body in two: what is evaluated here, and the template of a nested deployment that evaluates itself. */
export interface Body {
  readonly evaluated: JsonObject;
  readonly innerTemplate?: Json;
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates "Expression evaluation scope in nested templates" */
export function bodyOf({ type, declaration: { body } }: PlannedResource): Body {
  const properties = body['properties'];
  if (type.toLowerCase() !== deploymentType || !isJsonObject(properties)) return { evaluated: body };
  const options = properties['expressionEvaluationOptions'];
  const inner = isJsonObject(options) && String(options['scope']).toLowerCase() === 'inner';
  const { template, ...rest } = properties;
  return inner && template !== undefined
    ? { evaluated: { ...body, properties: rest }, innerTemplate: template }
    : { evaluated: body };
}

/** What is sent for a resource. */
export function evaluateBody(resource: PlannedResource, environment: Environment): Evaluated {
  const { evaluated, innerTemplate } = bodyOf(resource);
  const value = evaluateCopies(evaluated, environment, resource.rounds);
  if (!isValue(value) || innerTemplate === undefined || !isJsonObject(value.value)) return value;
  const properties = value.value['properties'];
  return {
    value: { ...value.value, properties: { ...(isJsonObject(properties) ? properties : {}), template: innerTemplate } },
  };
}
