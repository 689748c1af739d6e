import { isJsonObject, type Json } from '../json.ts';
import { isRefusal } from '../refusal.ts';
import { bodyOf } from './body.ts';
import { templateBudget } from './expression/budget.ts';
import { type Environment, isValue } from './expression/evaluated.ts';
import { interpret } from './expression/interpret.ts';
import { isExpression, parseExpression } from './expression/parse.ts';
import type { Syntax } from './expression/syntax.ts';
import type { NamedResources } from './named-resources.ts';
import type { PlannedResource } from './planned-resource.ts';

/**
 * The keys of the template's own resources that a resource refers to (`reference`, `list…`), as far as it can be told before any is made; what
 * cannot be told now is found when the resource is evaluated.
 */
export function impliedNeeds(
  resource: PlannedResource,
  named: NamedResources,
  environment: Environment,
): ReadonlySet<string> {
  const needs = new Set<string>();
  for (const text of expressionsIn(bodyOf(resource).evaluated)) {
    const syntax = parseExpression(text);
    if (isRefusal(syntax)) continue;
    for (const target of targetsIn(syntax)) {
      const value = interpret(target, environment, environment.budget ?? templateBudget(), new Map());
      if (!isValue(value) || typeof value.value !== 'string') continue;
      for (const { key } of named.find(value.value)) needs.add(key);
    }
  }
  return needs;
}

function* expressionsIn(value: Json): Generator<string> {
  if (typeof value === 'string') {
    if (isExpression(value)) yield value;
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (isJsonObject(value)) yield* Object.keys(value).filter(isExpression);
  for (const part of Object.values(value)) yield* expressionsIn(part as Json);
}

/** The first arguments of the functions that need a resource. */
function* targetsIn(syntax: Syntax): Generator<Syntax> {
  if (syntax.kind === 'literal') return;
  if (syntax.kind === 'access') {
    yield* targetsIn(syntax.of);
    yield* targetsIn(syntax.key);
    return;
  }
  const [target] = syntax.args;
  if (target !== undefined && /^(references?|list[a-z]+)$/i.test(syntax.name)) yield target;
  for (const arg of syntax.args) yield* targetsIn(arg);
}
