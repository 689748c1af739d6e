import { isJsonObject, type Json } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { evaluateCopies, evaluateRounds } from './evaluate-copies.ts';
import { templateBudget } from './expression/budget.ts';
import { evaluateValue } from './expression/evaluate.ts';
import { type Environment, type Evaluated, isValue, type TemplateFunction } from './expression/evaluated.ts';
import { newGuid, utcNow } from './expression/parameter-defaults.ts';
import { idFunctions } from './id-functions.ts';
import { judgeCount } from './loops.ts';
import { judgeValue } from './parameter-type.ts';
import type { BoundParameter, BoundParameters } from './parameters.ts';
import { notExpected, scopeFunctions } from './scope-functions.ts';
import type { Surroundings } from './surroundings.ts';
import type { Template, UserFunction } from './template.ts';

/** How deep user functions may call each other. */
const deepestCall = 32;

/**
 * What the expressions of a template see before any resource is made: parameters (defaults are evaluated when first asked for),
 * variables, user functions, and what is around.
 */
export function templateEnvironment(template: Template, bound: BoundParameters, around: Surroundings): Environment {
  const fixed = { ...scopeFunctions(around), ...idFunctions(around.scope) };
  const budget = templateBudget();
  const environment: Environment = { budget, function: (name, namespace) => find(name, namespace, functions) };
  const functions = {
    ...fixed,
    parameters: parametersOf(bound, around, environment),
    variables: variablesOf(template, environment),
  };
  const find = (name: string, namespace: string | undefined, own: Readonly<Record<string, TemplateFunction>>) => {
    if (namespace !== undefined && namespace !== 'sys') return userFunction(template, namespace, name, environment, 0);
    if (Object.hasOwn(own, name)) return own[name];
    return /^list[a-z]/.test(name) ? () => notExpected(name) : undefined;
  };
  return environment;
}

/** A function that answers a named value, worked out once; one that leads back to itself is refused. */
function remembered(what: string, make: (name: string) => Evaluated | undefined): TemplateFunction {
  const made = new Map<string, Evaluated>();
  const making = new Set<string>();
  return ([name]) => {
    const key = String(name).toLowerCase();
    const before = made.get(key);
    if (before !== undefined) return before;
    if (making.has(key)) {
      return refuse(
        'InvalidTemplate',
        `The template ${what} '${String(name)}' refers to itself: the reference is circular.`,
      );
    }
    making.add(key);
    const value = make(key) ?? notFound(what, String(name));
    making.delete(key);
    made.set(key, value);
    return value;
  };
}

function notFound(what: string, name: string): Refusal {
  return refuse(
    'InvalidTemplate',
    `The template ${what} '${name}' is not found. Please see https://aka.ms/arm-syntax-${what}s for usage details.`,
  );
}

function parametersOf(bound: BoundParameters, around: Surroundings, environment: Environment): TemplateFunction {
  const own: Readonly<Record<string, TemplateFunction>> = {
    newguid: newGuid(around.newGuid),
    utcnow: utcNow(around.now),
  };
  const defaults: Environment = {
    ...environment,
    function: (name, namespace) =>
      namespace === undefined && Object.hasOwn(own, name) ? own[name] : environment.function(name, namespace),
  };
  return remembered('parameter', (name) => {
    const parameter = bound.get(name);
    if (parameter === undefined) return undefined;
    return parameter.given !== undefined ? { value: parameter.given } : defaultOf(parameter, defaults);
  });
}

function defaultOf({ name, declared, defaultValue = null }: BoundParameter, environment: Environment): Evaluated {
  const value = evaluateValue(defaultValue, environment);
  if (!isValue(value)) return value;
  return judgeValue(name, declared, value.value) ?? value;
}

/** Variables, among them those that `copy` makes. */
function variablesOf({ variables }: Template, environment: Environment): TemplateFunction {
  const byName = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]));
  const loops = Array.isArray(variables['copy']) ? (variables['copy'] as readonly Json[]).filter(isJsonObject) : [];
  return remembered('variable', (name) => {
    const loop = loops.find((one) => String(one['name']).toLowerCase() === name);
    if (loop !== undefined) {
      return evaluateLoop(loop['count'] ?? null, loop['input'] ?? null, environment, String(loop['name']));
    }
    const value = byName.get(name);
    return value === undefined ? undefined : evaluateCopies(value, environment);
  });
}

/** The values of a loop that stands alone: of a variable or an output. */
export function evaluateLoop(count: Json, input: Json, environment: Environment, name?: string): Evaluated {
  const counted = evaluateValue(count, environment);
  if (!isValue(counted)) return counted;
  const times = judgeCount(counted.value, name ?? 'output');
  if (isRefusal(times)) return times;
  return evaluateRounds(input, environment, { times, rounds: [], ...(name === undefined ? {} : { name }) });
}

/** A function that the template defines: it sees its own parameters and other such functions, and nothing else of the template. */
function userFunction(
  template: Template,
  namespace: string,
  name: string,
  environment: Environment,
  depth: number,
): TemplateFunction | undefined {
  const defined = template.functions.get(`${namespace}.${name}`);
  if (defined === undefined) return undefined;
  return (args) => {
    if (depth > deepestCall) {
      return refuse(
        'InvalidTemplate',
        `The function '${namespace}.${name}' is called more than ${deepestCall} levels deep.`,
      );
    }
    return evaluateCopies(defined.value, {
      ...environment,
      function: (inner, innerNamespace) => {
        if (innerNamespace !== undefined && innerNamespace !== 'sys') {
          return userFunction(template, innerNamespace, inner, environment, depth + 1);
        }
        if (inner === 'parameters') return (names) => argument(defined, names, args);
        if (inner === 'variables') return () => notExpected('variables');
        return environment.function(inner, innerNamespace);
      },
    });
  };
}

function argument({ parameters }: UserFunction, [name]: readonly Json[], args: readonly Json[]): Evaluated {
  const at = parameters.findIndex((parameter) => parameter.toLowerCase() === String(name).toLowerCase());
  const value = args[at];
  return value === undefined ? notFound('parameter', String(name)) : { value };
}
