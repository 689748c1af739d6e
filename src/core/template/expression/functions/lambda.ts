import { isJsonObject, type Json } from '../../../json.ts';
import { functionFailed, list, record, text, wrongCount, wrongType } from '../define.ts';
import { isValue } from '../evaluated.ts';
import { type Applied, each, higher, missing, unlessWrong } from '../lambda-form.ts';
import type { Form } from '../run.ts';
import { sort } from './sort.ts';

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
