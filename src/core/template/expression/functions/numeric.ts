import type { Json } from '../../../json.ts';
import {
  anything,
  type Definition,
  either,
  type Fault,
  fault,
  integer,
  nullable,
  takes,
  text,
  truth,
} from '../define.ts';
import { kindOf } from '../kinds.ts';

/**
 * @see Azure Resource Manager, "Numeric functions for ARM templates". Azure counts in 64 bits; JSON numbers here are exact up to 2^53, so
 * what goes beyond is refused rather than rounded.
 */
export const numericFunctions = {
  add: calculates((a, b) => a + b),
  sub: calculates((a, b) => a - b),
  mul: calculates((a, b) => a * b),
  div: calculates((a, b) => Math.trunc(a / b), true),
  mod: calculates((a, b) => a % b, true),
  int: takes([nullable(either(integer, text))], toInteger),
  float: takes([anything], (value) => {
    const number = typeof value === 'number' ? value : Number(written(value));
    return Number.isFinite(number)
      ? number
      : fault(`the value of type '${kindOf(value)}' can't be converted to a number`);
  }),
  bool: takes([nullable(either(integer, either(text, truth)))], toTruth),
};

function calculates(calculate: (a: number, b: number) => number, divides = false): Definition {
  return takes([integer, integer], (a, b) => {
    if (divides && b === 0) return fault('the second parameter must not be zero');
    const result = calculate(a, b) + 0;
    return Number.isSafeInteger(result) ? result : fault('an overflow was detected');
  });
}

function toInteger(value: Json): Json | Fault {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number)
    ? number
    : fault(`the value of type '${kindOf(value)}' can't be converted to an integer`);
}

function toTruth(value: Json): Json | Fault {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return word === 'true' || word === 'false'
    ? word === 'true'
    : fault(`the value of type '${kindOf(value)}' can't be converted to a boolean`);
}

function written(value: Json): string {
  return typeof value === 'string' && value.trim() !== '' ? value : 'NaN';
}
