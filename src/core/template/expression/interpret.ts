import type { Json } from '../../json.ts';
import { isRefusal, refuse } from '../../refusal.ts';
import { readKey } from './access.ts';
import { type Budget, chargeArguments, chargeValue } from './budget.ts';
import { type Environment, type Evaluated, isValue } from './evaluated.ts';
import { forms, functions } from './functions.ts';
import type { Bindings, Run } from './run.ts';
import type { Access, Call, Syntax } from './syntax.ts';

/** Evaluates a syntax tree. Whatever does not come to a value ends the evaluation and is its result. */
export function interpret(syntax: Syntax, environment: Environment, budget: Budget, variables: Bindings): Evaluated {
  if (syntax.kind === 'literal') return { value: syntax.value };
  const run = runOf(environment, budget, variables);
  return syntax.kind === 'call' ? interpretCall(syntax, environment, budget, run) : interpretAccess(syntax, run);
}

function runOf(environment: Environment, budget: Budget, variables: Bindings): Run {
  return {
    variables,
    evaluate: (syntax, more) =>
      interpret(syntax, environment, budget, more === undefined ? variables : new Map([...variables, ...more])),
  };
}

/** The environment's functions come first, then those that choose their arguments, then the others. */
function interpretCall(call: Call, environment: Environment, budget: Budget, run: Run): Evaluated {
  const name = call.name.toLowerCase();
  const own = call.namespace === undefined || call.namespace.toLowerCase() === 'sys';
  const given = environment.function(name, call.namespace?.toLowerCase());
  const form = own && given === undefined ? forms.get(name) : undefined;
  if (form !== undefined) return charged(form(call, run), budget);
  const apply = given ?? (own ? functions.get(name) : undefined);
  if (apply === undefined) return unknownFunction(call);
  const args = evaluateAll(call.args, run);
  if (!isArguments(args)) return args;
  return chargeArguments(budget, args) ?? charged(apply(args), budget);
}

function charged(made: Evaluated, budget: Budget): Evaluated {
  return isValue(made) ? (chargeValue(budget, made.value) ?? made) : made;
}

function isArguments(args: readonly Json[] | Evaluated): args is readonly Json[] {
  return Array.isArray(args);
}

/** The values of all arguments, or the first that is none. */
function evaluateAll(args: readonly Syntax[], run: Run): readonly Json[] | Evaluated {
  const values: Json[] = [];
  for (const arg of args) {
    const evaluated = run.evaluate(arg);
    if (!isValue(evaluated)) return evaluated;
    values.push(evaluated.value);
  }
  return values;
}

/** Reads a chain of properties and indexes. After a safe one that found nothing, the rest of the chain is null too. */
function interpretAccess(access: Access, run: Run): Evaluated {
  const { root, steps } = chainOf(access);
  let evaluated = run.evaluate(root);
  for (const { key, safe } of steps) {
    if (!isValue(evaluated)) return evaluated;
    const index = run.evaluate(key);
    if (!isValue(index)) return index;
    const found = readKey(evaluated.value, index.value);
    if (safe && (isRefusal(found) || (isValue(found) && found.value === null))) return { value: null };
    evaluated = found;
  }
  return evaluated;
}

function chainOf(access: Access): { readonly root: Syntax; readonly steps: readonly Access[] } {
  const steps: Access[] = [];
  let root: Syntax = access;
  while (root.kind === 'access') {
    steps.push(root);
    root = root.of;
  }
  return { root, steps: steps.reverse() };
}

function unknownFunction({ namespace, name }: Call): Evaluated {
  const written = namespace === undefined ? name : `${namespace}.${name}`;
  return refuse(
    'InvalidTemplate',
    `The template function '${written}' is not valid. Please see https://aka.ms/arm-functions for usage details.`,
  );
}
