import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { evaluateLoop } from './environment.ts';
import { evaluateCopies } from './evaluate-copies.ts';
import { evaluateValue } from './expression/evaluate.ts';
import { type Awaits, type Environment, type Evaluated, isValue } from './expression/evaluated.ts';
import { outputName } from './output-name.ts';
import { resolveType } from './parameter-type.ts';
import type { Template } from './template.ts';

/** Outputs as a deployment shows them: `{name: {type, value}}`. */
export interface Outputs {
  readonly outputs: JsonObject;
}

/**
 * The outputs of a template, or what must be loaded first. Secure ones have no
 * value, and those whose condition is false are left out. Refuses `InvalidTemplate`.
 */
export function evaluateOutputs(template: Template, environment: Environment): Outputs | Awaits | Refusal {
  const outputs: [string, Json][] = [];
  for (const [name, declaration] of Object.entries(template.outputs)) {
    const output = evaluateOutput(template, declaration, environment);
    if (isRefusal(output)) return inOutput(name, output);
    if (output === undefined) continue;
    if ('awaits' in output) return output;
    outputs.push([outputName(name), output.shown]);
  }
  return { outputs: Object.fromEntries(outputs) };
}

function evaluateOutput(
  template: Template,
  declaration: JsonObject,
  environment: Environment,
): { readonly shown: JsonObject } | undefined | Awaits | Refusal {
  const condition = evaluateValue(declaration['condition'] ?? true, environment);
  if (!isValue(condition)) return condition;
  if (condition.value === false) return undefined;
  const declared = resolveType(template.definitions, declaration);
  if (isRefusal(declared)) return declared;
  const value = outputValue(declaration, environment);
  if (!isValue(value)) return value;
  const type = formatType(declared.type);
  return { shown: /^secure/i.test(type) ? { type } : { type, value: value.value } };
}

function outputValue(declaration: JsonObject, environment: Environment): Evaluated {
  const copy = declaration['copy'];
  if (isJsonObject(copy)) return evaluateLoop(copy['count'] ?? null, copy['input'] ?? null, environment);
  return evaluateCopies(declaration['value'] ?? null, environment);
}

const spelling = ['String', 'SecureString', 'Int', 'Bool', 'Array', 'Object', 'SecureObject'];

/** A type as deployments show it: `String`, `SecureObject`. */
export function formatType(type: string): string {
  return spelling.find((known) => known.toLowerCase() === type.toLowerCase()) ?? type;
}

function inOutput(name: string, { message }: Refusal): Refusal {
  return refuse(
    'DeploymentOutputEvaluationFailed',
    `Unable to evaluate template outputs: '${name}'. ${message} Please see https://aka.ms/arm-common-errors for usage details.`,
  );
}
