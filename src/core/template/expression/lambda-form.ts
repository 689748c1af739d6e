import type { Json } from '../../json.ts';
import { isRefusal, type Refusal } from '../../refusal.ts';
import { anything, functionFailed, type list, type record, wrongCount, wrongType } from './define.ts';
import { type Evaluated, isValue } from './evaluated.ts';
import { kindOf } from './kinds.ts';
import type { Form, Run } from './run.ts';
import type { Syntax } from './syntax.ts';

/** A lambda, ready to be called: its body with the variables' values. */
export type Lambda = (...values: readonly Json[]) => Evaluated;

/** What a function of lambdas has been given: values of the arguments that are none, then the lambdas. */
export type Applied = (values: readonly Json[], lambdas: readonly Lambda[]) => Evaluated;

/** A function of one collection, perhaps more values, and lambdas with so many variables at most. */
export function higher(
  name: string,
  collection: typeof list | typeof record,
  values: number,
  lambdas: { readonly least: number; readonly most: number; readonly variables: readonly [number, number] },
  apply: Applied,
): readonly [string, Form] {
  const form: Form = (call, run) => {
    const count = wrongCount(name, call.args.length, values + lambdas.least, values + lambdas.most);
    if (count !== undefined) return count;
    const given: Json[] = [];
    for (const arg of call.args.slice(0, values)) {
      const evaluated = run.evaluate(arg);
      if (!isValue(evaluated)) return evaluated;
      given.push(evaluated.value);
    }
    const made = call.args.slice(values).map((arg) => lambdaOf(name, arg, lambdas.variables, run));
    const wrong = wrongType(name, given, [collection, anything, anything]) ?? made.find((lambda) => isRefusal(lambda));
    return (
      wrong ??
      apply(
        given,
        made.filter((lambda) => typeof lambda === 'function'),
      )
    );
  };
  return [name.toLowerCase(), form];
}

/** `lambda('item', 'index', body)`; only functions that take lambdas understand it. */
function lambdaOf(name: string, syntax: Syntax, [least, most]: readonly [number, number], run: Run): Lambda | Refusal {
  if (syntax.kind !== 'call' || syntax.name.toLowerCase() !== 'lambda' || syntax.namespace !== undefined) {
    return functionFailed(name, "the parameter must be a lambda, such as lambda('item', lambdaVariables('item'))");
  }
  const names = syntax.args.slice(0, -1).map((arg) => (arg.kind === 'literal' ? arg.value : undefined));
  const body = syntax.args.at(-1);
  if (
    body === undefined ||
    names.length < least ||
    names.length > most ||
    !names.every((one) => typeof one === 'string')
  ) {
    const wanted = least === most ? `${least}` : `between ${least} and ${most}`;
    return functionFailed(name, `the lambda must have ${wanted} variable name(s), then its expression`);
  }
  const folded = names.map((one) => one.toLowerCase());
  return (...values) => run.evaluate(body, new Map(folded.map((one, index) => [one, values[index] ?? null])));
}

/** Calls a lambda for each element and hands each result on; stops at what is no value. */
export function each(
  from: Json | undefined,
  lambda: Lambda,
  take: (result: Json, element: Json, index: number) => void,
): Evaluated | undefined {
  const elements = Array.isArray(from) ? (from as readonly Json[]) : [];
  for (const [index, element] of elements.entries()) {
    const evaluated = lambda(element, index);
    if (!isValue(evaluated)) return evaluated;
    take(evaluated.value, element, index);
  }
  return undefined;
}

/** Refuses the first result that a lambda should not have given. */
export function unlessWrong(name: string, wanted: string, [wrong]: readonly Json[]): Refusal | undefined {
  if (wrong === undefined) return undefined;
  return functionFailed(name, `the lambda must evaluate to a value of type '${wanted}', not '${kindOf(wrong)}'`);
}

/** Stands where a lambda should; counting the arguments keeps it from being called. */
export const missing: Lambda = () => functionFailed('lambda', 'a lambda is missing');
