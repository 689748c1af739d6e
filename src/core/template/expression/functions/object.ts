import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { findKey } from '../access.ts';
import { canonical } from '../canonical.ts';
import { anything, type Fault, fault, list, nullable, record, takes, takesMany, text } from '../define.ts';
import { parseJson } from '../json-text.ts';
import { kindOf } from '../kinds.ts';

/** @see Azure Resource Manager, "Object functions for ARM templates" */
export const objectFunctions = {
  createObject: takesMany(anything, 0, createObject),
  intersection: takesMany(anything, 2, intersection),
  items: takes([record], (of) => sortedEntries(of).map(([key, value]) => ({ key, value }))),
  json: takes([nullable(text)], (written) => {
    const parsed = written === null ? { value: {} } : parseJson(written);
    return parsed === undefined ? fault('the parameter is not valid JSON') : parsed.value;
  }),
  objectKeys: takes([record], (of) => sortedEntries(of).map(([key]) => key)),
  shallowMerge: takes([list], (objects) =>
    objects.every((value) => isJsonObject(value))
      ? objects.reduce<JsonObject>((merged, object) => merge(merged, object, (_, later) => later), {})
      : fault('every element must be of type Object'),
  ),
  union: takesMany(anything, 2, union),
};

/** Azure lists keys in alphabetical order, whatever their letter case. */
function sortedEntries(of: JsonObject): readonly (readonly [string, Json])[] {
  const folded = Object.entries(of).map(([key, value]) => [key.toUpperCase(), key, value] as const);
  return folded.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, key, value]) => [key, value]);
}

function createObject(values: readonly Json[]): Json | Fault {
  if (values.length % 2 === 1)
    return fault(`an even number of parameters is needed, while ${values.length} were provided`);
  const names = values.filter((_, index) => index % 2 === 0);
  const wrong = names.find((name) => typeof name !== 'string');
  if (wrong !== undefined) return fault(`a name must be of type 'String', while '${kindOf(wrong)}' was provided`);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) return fault(`the name '${duplicate}' is given twice`);
  return Object.fromEntries(names.map((name, index) => [name as string, values[2 * index + 1] ?? null]));
}

/** What all arrays hold, or the properties that all objects have with the same value. */
function intersection(values: readonly Json[]): Json | Fault {
  if (values.every(Array.isArray)) {
    const [first = [], ...others] = values as readonly Json[][];
    const held = others.map((other) => new Set(other.map(canonical)));
    return distinct(first).filter((value) => held.every((others) => others.has(canonical(value))));
  }
  if (!values.every((value) => isJsonObject(value))) return mixed(values);
  const [first = {}, ...others] = values;
  const shared = ([key, value]: readonly [string, Json]) =>
    others.every((other) => Object.hasOwn(other, key) && canonical(other[key] ?? null) === canonical(value));
  return Object.fromEntries(Object.entries(first).filter(shared));
}

/** All elements once, or all properties; objects that meet are merged, of anything else the later one stands. */
function union(values: readonly Json[]): Json | Fault {
  if (values.every(Array.isArray)) return distinct((values as readonly Json[][]).flat());
  if (!values.every((value) => isJsonObject(value))) return mixed(values);
  return values.reduce((merged, object) => merge(merged, object, mergeDeep));
}

function mergeDeep(earlier: Json, later: Json): Json {
  return isJsonObject(earlier) && isJsonObject(later) ? merge(earlier, later, mergeDeep) : later;
}

/** Names meet without regard to case; the first spelling stays. */
function merge(earlier: JsonObject, later: JsonObject, meet: (earlier: Json, later: Json) => Json): JsonObject {
  const merged = new Map(Object.entries(earlier));
  for (const [name, value] of Object.entries(later)) {
    const key = findKey(earlier, name);
    if (key === undefined) merged.set(name, value);
    else merged.set(key, meet(earlier[key] ?? null, value));
  }
  return Object.fromEntries(merged);
}

function distinct(values: readonly Json[]): readonly Json[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const key = canonical(value);
    return !seen.has(key) && seen.add(key);
  });
}

function mixed(values: readonly Json[]): Fault {
  const kinds = [...new Set(values.map(kindOf))].join(', ');
  return fault(`all parameters must be arrays or all must be objects, while '${kinds}' were provided`);
}
