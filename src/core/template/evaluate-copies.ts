import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { chargeValue, templateBudget } from './expression/budget.ts';
import { evaluateString, evaluateValue } from './expression/evaluate.ts';
import { type Awaits, type Environment, type Evaluated, isValue } from './expression/evaluated.ts';
import { judgeCount, type Round, withRounds } from './loops.ts';

/** How deep values may nest. */
const deepest = 100;

/**
 * Evaluates a value in which properties may be loops: `"copy": [{"name": "disks", "count": 2, "input": …}]` stands for
 * `"disks": [… , …]`. `rounds` are those of the loops around it. The first part that does not come to a value is the result of the whole.
 */
export function evaluateCopies(
  value: Json,
  environment: Environment,
  rounds: readonly Round[] = [],
  depth = 0,
): Evaluated {
  if (!hasCopy(value, 0)) return evaluateValue(value, withRounds(environment, rounds));
  if (depth > deepest) return refuse('InvalidTemplate', `The template nests more than ${deepest} levels deep.`);
  if (Array.isArray(value)) return evaluateAll(value as readonly Json[], environment, rounds, depth);
  if (!isJsonObject(value)) return evaluateValue(value, withRounds(environment, rounds));
  const made: [string, Json][] = [];
  for (const [written, part] of Object.entries(value)) {
    if (isLoops(written, part)) {
      const looped = evaluateLoops(part, environment, rounds, depth);
      if (!('properties' in looped)) return looped;
      made.push(...looped.properties);
      continue;
    }
    const name = evaluateString(written, withRounds(environment, rounds));
    if (!isValue(name)) return name;
    const evaluated = evaluateCopies(part, environment, rounds, depth + 1);
    if (!isValue(evaluated)) return evaluated;
    made.push([String(name.value), evaluated.value]);
  }
  return { value: Object.fromEntries(made) };
}

function evaluateAll(
  values: readonly Json[],
  environment: Environment,
  rounds: readonly Round[],
  depth: number,
): Evaluated {
  const made: Json[] = [];
  for (const value of values) {
    const evaluated = evaluateCopies(value, environment, rounds, depth + 1);
    if (!isValue(evaluated)) return evaluated;
    made.push(evaluated.value);
  }
  return { value: made };
}

/** The properties that loops stand for. */
function evaluateLoops(
  loops: readonly JsonObject[],
  environment: Environment,
  rounds: readonly Round[],
  depth: number,
): { readonly properties: readonly [string, Json][] } | Refusal | Awaits {
  const made: [string, Json][] = [];
  for (const { name, count, input } of loops) {
    const counted = evaluateValue(count ?? null, withRounds(environment, rounds));
    if (!isValue(counted)) return counted;
    const times = judgeCount(counted.value, String(name));
    if (isRefusal(times)) return times;
    const items = evaluateRounds(input ?? null, environment, { name: String(name), times, rounds, depth });
    if (!isValue(items)) return items;
    made.push([String(name), items.value]);
  }
  return { properties: made };
}

/** One value evaluated in each round of a loop. */
export function evaluateRounds(
  input: Json,
  environment: Environment,
  loop: { readonly name?: string; readonly times: number; readonly rounds: readonly Round[]; readonly depth?: number },
): Evaluated {
  const items: Json[] = [];
  // Each round costs, even where it evaluates nothing: loops in loops multiply.
  const budget = environment.budget ?? templateBudget();
  for (let index = 0; index < loop.times; index += 1) {
    const round: Round = loop.name === undefined ? { index } : { name: loop.name, index };
    const item = evaluateCopies(input, environment, [...loop.rounds, round], (loop.depth ?? 0) + 1);
    if (!isValue(item)) return item;
    const spent = chargeValue(budget, item.value);
    if (spent !== undefined) return spent;
    items.push(item.value);
  }
  return { value: items };
}

function hasCopy(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > deepest) return false;
  return Object.entries(value).some(([name, part]) => isLoops(name, part) || hasCopy(part as Json, depth + 1));
}

function isLoops(name: string, part: Json): part is readonly JsonObject[] {
  if (name.toLowerCase() !== 'copy' || !Array.isArray(part) || part.length === 0) return false;
  return (part as readonly Json[]).every((one) => isJsonObject(one) && 'count' in one && 'input' in one);
}
