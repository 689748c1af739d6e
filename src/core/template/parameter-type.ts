import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Refusal } from '../refusal.ts';
import { kindOf } from './expression/kinds.ts';
import { invalidTemplate } from './invalid-template.ts';

/** What a parameter declares about its values, references to `definitions` followed. */
export interface Declared {
  readonly type: string;
  readonly nullable: boolean;
  readonly allowed?: readonly Json[];
  readonly bounds: JsonObject;
}

/** The kinds of values that each type takes, as Azure's messages name them. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  string: ['String'],
  securestring: ['String'],
  int: ['Integer'],
  bool: ['Boolean'],
  array: ['Array'],
  object: ['Object'],
  secureobject: ['Object'],
};

const expected: Readonly<Record<string, string>> = {
  string: 'String, Uri',
  securestring: 'String, Uri',
  int: 'Integer',
  bool: 'Boolean',
  array: 'Array',
  object: 'Object',
  secureobject: 'Object',
};

/** How many definitions may refer to each other in a row. */
const longestChain = 32;

/** Reads what a declaration says; `{name}` in a refusal is the parameter's. Refuses `InvalidTemplate`. */
export function resolveType(definitions: JsonObject, declaration: JsonObject): Declared | Refusal {
  let current = declaration;
  let nullable = declaration['nullable'] === true;
  for (let step = 0; typeof current['$ref'] === 'string'; step += 1) {
    const target = definitions[current['$ref'].replace(/^#\/definitions\//, '')];
    if (!isJsonObject(target) || step > longestChain) {
      return invalidTemplate(`the parameter '{name}' refers to '${current['$ref']}', which is not defined`);
    }
    nullable ||= target['nullable'] === true;
    current = target;
  }
  const { type, allowedValues } = current;
  if (typeof type !== 'string' || kinds[type.toLowerCase()] === undefined) {
    return invalidTemplate(
      `The template parameter '{name}' must have a type that is one of ${Object.keys(kinds).join(', ')}`,
    );
  }
  const own = Array.isArray(declaration['allowedValues']) ? declaration['allowedValues'] : allowedValues;
  return {
    type,
    nullable,
    bounds: { ...current, ...declaration },
    ...(Array.isArray(own) ? { allowed: own as readonly Json[] } : {}),
  };
}

/** Whether a value is what its parameter declares. Refuses `InvalidTemplate`, and shows no secure value. */
export function judgeValue(name: string, declared: Declared, value: Json): Refusal | undefined {
  if (value === null && declared.nullable) return undefined;
  const type = declared.type.toLowerCase();
  if (!(kinds[type] ?? []).includes(kindOf(value))) {
    return invalidTemplate(
      `The provided value for the template parameter '${name}' is not valid. Expected a value of type '${expected[type]}', but received a value of type '${kindOf(value)}'. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
    );
  }
  const shown = type.startsWith('secure') ? '***' : JSON.stringify(value).replace(/^"|"$/g, '');
  return judgeAllowed(name, declared, value, shown) ?? judgeBounds(name, declared, value, shown);
}

function judgeAllowed(name: string, { allowed, type }: Declared, value: Json, shown: string): Refusal | undefined {
  if (allowed === undefined) return undefined;
  // Of an array each item may be named, or the whole.
  const parts = type.toLowerCase() === 'array' && Array.isArray(value) ? (value as readonly Json[]) : [value];
  if (isAmong(allowed, value) || parts.every((part) => isAmong(allowed, part))) return undefined;
  const list = allowed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(',');
  return invalidTemplate(
    `The provided value for the template parameter '${name}' is not valid. The value '${shown}' is not part of the allowed value(s): '${list}'.`,
  );
}

function isAmong(allowed: readonly Json[], value: Json): boolean {
  const fold = (one: Json) => (typeof one === 'string' ? one.toLowerCase() : JSON.stringify(one));
  return allowed.some((one) => typeof one === typeof value && fold(one) === fold(value));
}

function judgeBounds(name: string, { bounds }: Declared, value: Json, shown: string): Refusal | undefined {
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
  const checks: readonly (readonly [string, number | undefined, boolean])[] = [
    ['minLength', size, true],
    ['maxLength', size, false],
    ['minValue', typeof value === 'number' ? value : undefined, true],
    ['maxValue', typeof value === 'number' ? value : undefined, false],
  ];
  for (const [word, measured, least] of checks) {
    const bound = bounds[word];
    if (typeof bound !== 'number' || measured === undefined) continue;
    if (least ? measured >= bound : measured <= bound) continue;
    return invalidTemplate(
      `The provided value for the template parameter '${name}' is not valid. '${shown}' does not meet '${word}': '${bound}'.`,
    );
  }
  return undefined;
}
