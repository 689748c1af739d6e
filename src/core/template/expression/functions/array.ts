import { isJsonObject, type Json } from '../../../json.ts';
import { isRefusal } from '../../../refusal.ts';
import { findKey, readKey } from '../access.ts';
import { deepEqual } from '../canonical.ts';
import {
  anything,
  either,
  type Fault,
  fault,
  integer,
  list,
  nullable,
  numeric,
  record,
  takes,
  takesMany,
  text,
} from '../define.ts';
import { kindOf } from '../kinds.ts';
import { joined } from '../literal-limit.ts';

const sequence = nullable(either(list, text));

/** @see Azure Resource Manager, "Array functions for ARM templates"; sequences are arrays or texts, and null counts as empty */
export const arrayFunctions = {
  array: takes([anything], (value) => (Array.isArray(value) ? value : [value])),
  createArray: takesMany(anything, 0, (values) => values),
  concat: takesMany(anything, 1, concat),
  contains: takes([either(either(record, list), text), anything], contains),
  empty: takes([nullable(either(record, either(list, text)))], (value) => sizeOf(value) === 0),
  first: takes([sequence], (from) => (typeof from === 'string' ? from.slice(0, 1) : (from?.[0] ?? null))),
  last: takes([sequence], (from) => (typeof from === 'string' ? from.slice(-1) : (from?.at(-1) ?? null))),
  flatten: takes([list], (lists) =>
    lists.every(Array.isArray) ? (lists as readonly Json[][]).flat() : fault('every element must be of type Array'),
  ),
  indexFromEnd: takes([list, integer], (from, index) => {
    const found = index > 0 ? from.at(-index) : undefined;
    return found === undefined ? fault(`the array index '${index}' from the end is out of bounds`) : found;
  }),
  tryIndexFromEnd: takes([nullable(anything), integer], (from, index) =>
    Array.isArray(from) && index > 0 ? (from.at(-index) ?? null) : null,
  ),
  indexOf: takes([sequence, anything], (from, wanted) =>
    positionOf(
      from,
      wanted,
      (texts, part) => texts.indexOf(part),
      (values, is) => values.findIndex(is),
    ),
  ),
  lastIndexOf: takes([sequence, anything], (from, wanted) =>
    positionOf(
      from,
      wanted,
      (texts, part) => texts.lastIndexOf(part),
      (values, is) => values.findLastIndex(is),
    ),
  ),
  length: takes([nullable(either(record, either(list, text)))], sizeOf),
  max: takesMany(either(numeric, list), 1, (values) => extreme(values, Math.max)),
  min: takesMany(either(numeric, list), 1, (values) => extreme(values, Math.min)),
  range: takes([integer, integer], (start, count) =>
    count < 0 || count > 10_000 || start + count - 1 > 2_147_483_647
      ? fault(`the count '${count}' must be from 0 to 10000, and the last number '2147483647' at most`)
      : Array.from({ length: count }, (_, index) => start + index),
  ),
  skip: takes([sequence, integer], (from, count) => from?.slice(Math.max(0, count)) ?? null),
  take: takes([sequence, integer], (from, count) => from?.slice(0, Math.max(0, count)) ?? null),
  tryGet: takesMany(anything, 2, tryGet),
};

function sizeOf(value: Json): number {
  if (typeof value === 'string') return value.length;
  return isJsonObject(value) || Array.isArray(value) ? Object.keys(value).length : 0;
}

/** Arrays make an array; else texts, numbers and truth values make a text, in which null is nothing. */
function concat(values: readonly Json[]): Json | Fault {
  if (values.every(Array.isArray)) return (values as readonly Json[][]).flat();
  const wrong = values.find((value) => typeof value === 'object' && value !== null);
  return wrong === undefined
    ? joined(values.map(wordOf))
    : fault(`the parameters must be all arrays, or none; a value of type '${kindOf(wrong)}' stands beside others`);
}

/** A scalar as .NET writes it: truth values with a capital letter. */
function wordOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/** Keys are found without regard to case; texts and elements by their exact spelling. */
function contains(container: Json, wanted: Json): Json | Fault {
  if (Array.isArray(container)) return container.some((element: Json) => deepEqual(element, wanted));
  if (typeof wanted !== 'string') {
    return fault(`the second parameter must be of type 'String' here, while '${kindOf(wanted)}' was provided`);
  }
  if (typeof container === 'string') return container.includes(wanted);
  return isJsonObject(container) && findKey(container, wanted) !== undefined;
}

/** Texts are found without regard to case, elements by deep equality. */
function positionOf(
  from: string | readonly Json[] | null,
  wanted: Json,
  inText: (text: string, part: string) => number,
  inArray: (values: readonly Json[], is: (value: Json) => boolean) => number,
): number | Fault {
  if (from === null) return -1;
  if (typeof from !== 'string') return inArray(from, (element) => deepEqual(element, wanted));
  if (typeof wanted === 'string') return inText(from.toLowerCase(), wanted.toLowerCase());
  return fault(`the second parameter must be of type 'String' here, while '${kindOf(wanted)}' was provided`);
}

function extreme(
  values: readonly (number | readonly Json[])[],
  choose: (a: number, b: number) => number,
): Json | Fault {
  const [first, ...others] = values;
  const numbers: readonly Json[] = Array.isArray(first) && others.length === 0 ? first : values;
  if (numbers.length === 0 || !numbers.every((value) => typeof value === 'number')) {
    return fault('the parameters must be numbers, or one array that holds at least one number and nothing else');
  }
  return numbers.reduce((a, b) => choose(a, b));
}

/** The first key may be missing: then the result is null. What follows is read from what it found, and must be there. */
function tryGet([from = null, first = null, ...further]: readonly Json[]): Json | Fault {
  const wrong = [first, ...further].find((key) => typeof key !== 'string' && !Number.isInteger(key));
  if (wrong !== undefined) return fault(`a key must be a String or an Integer, while '${kindOf(wrong)}' was provided`);
  const start = readKey(from, first);
  if (isRefusal(start)) return null;
  let value = start.value;
  for (const key of value === null ? [] : further) {
    const next = readKey(value, key);
    if (isRefusal(next)) return fault(next.message.replace(/\.$/, ''));
    value = next.value;
  }
  return value;
}
