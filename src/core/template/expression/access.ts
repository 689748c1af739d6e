import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { type Refusal, refuse } from '../../refusal.ts';
import { kindOf } from './kinds.ts';

/** Reads a property by its name, without regard to case, or an element by its index; a refusal says what there is instead. */
export function readKey(of: Json, key: Json): { readonly value: Json } | Refusal {
  if (typeof key === 'string' && isJsonObject(of)) return readProperty(of, key);
  if (typeof key === 'number' && Array.isArray(of)) return readElement(of, key);
  const what =
    typeof key === 'string'
      ? `property '${key}' can't be evaluated: only an object has properties, the value is of type '${kindOf(of)}'`
      : `property can't be evaluated: a value of type '${kindOf(of)}' can't be read by an index of type '${kindOf(key)}'`;
  return refuse('InvalidTemplate', `The language expression ${what}.`);
}

function readProperty(of: JsonObject, name: string): { readonly value: Json } | Refusal {
  const key = findKey(of, name);
  if (key !== undefined) return { value: of[key] ?? null };
  const available = Object.keys(of).slice(0, 100).join(', ');
  return refuse(
    'InvalidTemplate',
    `The language expression property '${name}' doesn't exist, available properties are '${available}'.`,
  );
}

function readElement(of: readonly Json[], index: number): { readonly value: Json } | Refusal {
  const element = of[index];
  if (element !== undefined) return { value: element };
  return refuse('InvalidTemplate', `The language expression property array index '${index}' is out of bounds.`);
}

/** The key of an object that has this name, first in the same letter case, then in another. */
export function findKey(of: JsonObject, name: string): string | undefined {
  return Object.hasOwn(of, name) ? name : foldedKeysOf(of).get(name.toLowerCase());
}

/** Objects are read many times over (`map` over their names); folding all keys for each would take quadratic time. */
const foldedKeys = new WeakMap<object, ReadonlyMap<string, string>>();

function foldedKeysOf(of: JsonObject): ReadonlyMap<string, string> {
  const before = foldedKeys.get(of);
  if (before !== undefined) return before;
  const folded = new Map(
    Object.keys(of)
      .reverse()
      .map((key) => [key.toLowerCase(), key]),
  );
  foldedKeys.set(of, folded);
  return folded;
}
