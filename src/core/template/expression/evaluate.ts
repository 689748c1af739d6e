import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { isRefusal, type Refusal, refuse } from '../../refusal.ts';
import { type Budget, maximumValueDepth, templateBudget } from './budget.ts';
import { type Environment, type Evaluated, isValue } from './evaluated.ts';
import { interpret } from './interpret.ts';
import { isExpression, parseExpression } from './parse.ts';

/**
 * Evaluates a text of a template: `[…]` is an expression, `[[…]` a literal with one bracket less, everything else stands for itself.
 * Refusals are `InvalidTemplate` and give the bare reason, for the caller to say of what (`expressionFailed`, or "The template variable …").
 */
export function evaluateString(text: string, environment: Environment): Evaluated {
  return evaluateText(text, environment, environment.budget ?? templateBudget());
}

/**
 * Evaluates every text in a value, and every name of a property. What does not come to a value, the first in reading order, is the
 * result of the whole.
 */
export function evaluateValue(value: Json, environment: Environment): Evaluated {
  return evaluateTree(value, environment, environment.budget ?? templateBudget(), 0);
}

/** A reason in the frame that Azure gives to an expression that fails by itself, outside a variable, a resource or an output. */
export function expressionFailed(reason: Refusal): Refusal {
  const message = `Deployment template language expression evaluation failed: '${reason.message}'. Please see https://aka.ms/arm-functions for usage details.`;
  return { ...reason, message };
}

function evaluateText(text: string, environment: Environment, budget: Budget): Evaluated {
  if (text.startsWith('[[') && text.endsWith(']')) return { value: text.slice(1) };
  if (!isExpression(text)) return { value: text };
  const syntax = parseExpression(text);
  return isRefusal(syntax) ? syntax : interpret(syntax, environment, budget, new Map());
}

function evaluateTree(value: Json, environment: Environment, budget: Budget, depth: number): Evaluated {
  if (typeof value === 'string') return evaluateText(value, environment, budget);
  if (typeof value !== 'object' || value === null) return { value };
  if (depth > maximumValueDepth) return tooDeep();
  return isJsonObject(value)
    ? evaluateObject(value, environment, budget, depth)
    : evaluateArray(value, environment, budget, depth);
}

function evaluateArray(array: readonly Json[], environment: Environment, budget: Budget, depth: number): Evaluated {
  const elements: Json[] = [];
  for (const element of array) {
    const evaluated = evaluateTree(element, environment, budget, depth + 1);
    if (!isValue(evaluated)) return evaluated;
    elements.push(evaluated.value);
  }
  return { value: elements };
}

function evaluateObject(object: JsonObject, environment: Environment, budget: Budget, depth: number): Evaluated {
  const properties: [string, Json][] = [];
  for (const [key, value] of Object.entries(object)) {
    const name = evaluateText(key, environment, budget);
    if (!isValue(name)) return name;
    if (typeof name.value !== 'string') return notAName(key);
    const evaluated = evaluateTree(value, environment, budget, depth + 1);
    if (!isValue(evaluated)) return evaluated;
    properties.push([name.value, evaluated.value]);
  }
  return { value: Object.fromEntries(properties) };
}

function notAName(key: string): Refusal {
  return refuse('InvalidTemplate', `The expression '${key}' names a property, so it must evaluate to a string.`);
}

function tooDeep(): Refusal {
  const message = `The template is nested too deep: at most '${maximumValueDepth}' levels are supported.`;
  return refuse('InvalidTemplate', message);
}
