import { isJsonObject, type Json } from '../../../json.ts';
import { isRefusal, type Refusal } from '../../../refusal.ts';
import { anything, functionFailed, list, record, text, wrongCount, wrongType } from '../define.ts';
import { type Evaluated, isValue } from '../evaluated.ts';
import { kindOf } from '../kinds.ts';
import type { Form, Run } from '../run.ts';
import type { Syntax } from '../syntax.ts';

/** A lambda, ready to be called: its body with the variables' values. */
type Lambda = (...values: readonly Json[]) => Evaluated;

/** What a function of lambdas has been given: values of the arguments that are none, then the lambdas. */
type Applied = (values: readonly Json[], lambdas: readonly Lambda[]) => Evaluated;

/** A function of one collection, perhaps more values, and lambdas with so many variables at most. */
function higher(
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
function each(
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

const one = { least: 1, most: 1, variables: [1, 2] } as const;

const map: Applied = ([from], [lambda = missing]) => {
  const results: Json[] = [];
  return each(from, lambda, (result) => results.push(result)) ?? { value: results };
};

const filter: Applied = ([from], [lambda = missing]) => {
  const [kept, wrong]: [Json[], Json[]] = [[], []];
  const stopped = each(from, lambda, (result, element) => {
    if (result === true) kept.push(element);
    else if (result !== false) wrong.push(result);
  });
  return stopped ?? unlessWrong('filter', 'Boolean', wrong) ?? { value: kept };
};

const reduce: Applied = ([from, initial = null], [lambda = missing]) => {
  let current = initial;
  const stopped = each(
    from,
    (element, index) => lambda(current, element, index ?? null),
    (result) => {
      current = result;
    },
  );
  return stopped ?? { value: current };
};

const groupBy: Applied = ([from], [lambda = missing]) => {
  const groups = new Map<string, Json[]>();
  const wrong: Json[] = [];
  const stopped = each(from, lambda, (key, element) => {
    if (typeof key !== 'string') wrong.push(key);
    else (groups.get(key) ?? started(groups, key)).push(element);
  });
  return stopped ?? unlessWrong('groupBy', 'String', wrong) ?? { value: Object.fromEntries(groups) };
};

function started(groups: Map<string, Json[]>, key: string): Json[] {
  const group: Json[] = [];
  groups.set(key, group);
  return group;
}

const mapValues: Applied = ([from = null], [lambda = missing]) => {
  const entries = isJsonObject(from) ? Object.entries(from) : [];
  const values: [string, Json][] = [];
  const stopped = each(
    entries.map(([, value]) => value),
    (value) => lambda(value),
    (result, _, index) => values.push([entries[index]?.[0] ?? '', result]),
  );
  return stopped ?? { value: Object.fromEntries(values) };
};

const toObject: Applied = ([from], [keyOf = missing, contentOf]) => {
  const keys: Json[] = [];
  const values: Json[] = [];
  const stopped =
    each(from, keyOf, (key) => keys.push(key)) ??
    each(from, contentOf ?? ((element) => ({ value: element })), (value) => values.push(value));
  const wrong = keys.filter((key) => typeof key !== 'string');
  const made = Object.fromEntries(keys.map((key, index) => [String(key), values[index] ?? null]));
  return stopped ?? unlessWrong('toObject', 'String', wrong) ?? { value: made };
};

/** Merge sort, as the lambda may fail at any comparison; elements that are equal keep their order. */
const sort: Applied = ([from], [before = missing]) => {
  const elements = Array.isArray(from) ? (from as readonly Json[]) : [];
  if (elements.length < 2) return { value: elements };
  const middle = elements.length >> 1;
  const left = sort([elements.slice(0, middle)], [before]);
  if (!isValue(left)) return left;
  const right = sort([elements.slice(middle)], [before]);
  return isValue(right) ? mergeSorted(left.value as readonly Json[], right.value as readonly Json[], before) : right;
};

function mergeSorted(left: readonly Json[], right: readonly Json[], before: Lambda): Evaluated {
  const merged: Json[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const decided = before(right[j] ?? null, left[i] ?? null);
    if (!isValue(decided)) return decided;
    if (typeof decided.value !== 'boolean') return unlessWrong('sort', 'Boolean', [decided.value]) ?? decided;
    merged.push((decided.value ? right[j++] : left[i++]) ?? null);
  }
  return { value: [...merged, ...left.slice(i), ...right.slice(j)] };
}

function unlessWrong(name: string, wanted: string, [wrong]: readonly Json[]): Refusal | undefined {
  if (wrong === undefined) return undefined;
  return functionFailed(name, `the lambda must evaluate to a value of type '${wanted}', not '${kindOf(wrong)}'`);
}

const missing: Lambda = () => functionFailed('lambda', 'a lambda is missing');

const variables: Form = (call, run) => {
  const count = wrongCount('lambdaVariables', call.args.length, 1, 1);
  const name = run.evaluate(call.args[0] ?? call);
  if (count !== undefined || !isValue(name)) return count ?? name;
  const wrong = wrongType('lambdaVariables', [name.value], [text]);
  const value = run.variables.get(String(name.value).toLowerCase());
  if (wrong !== undefined || value !== undefined) return wrong ?? { value: value ?? null };
  const known = [...run.variables.keys()].join(', ');
  return functionFailed(
    'lambdaVariables',
    `there is no lambda variable '${name.value}' here, available are '${known}'`,
  );
};

const alone: Form = () =>
  functionFailed(
    'lambda',
    'a lambda can only be a parameter of filter, groupBy, map, mapValues, reduce, sort and toObject',
  );

/** @see Azure Resource Manager, "Lambda functions for ARM templates"; the second variable of the first three is the index */
export const lambdaForms: readonly (readonly [string, Form])[] = [
  higher('filter', list, 1, one, filter),
  higher('map', list, 1, one, map),
  higher('reduce', list, 2, { ...one, variables: [2, 3] }, reduce),
  higher('groupBy', list, 1, one, groupBy),
  higher('mapValues', record, 1, { ...one, variables: [1, 1] }, mapValues),
  higher('sort', list, 1, { ...one, variables: [2, 2] }, sort),
  higher('toObject', list, 1, { least: 1, most: 2, variables: [1, 2] }, toObject),
  ['lambdavariables', variables],
  ['lambda', alone],
];
