import type { Json } from '../../../json.ts';
import {
  anything,
  either,
  type Fault,
  fault,
  integer,
  list,
  nullable,
  takes,
  takesMany,
  text,
  withOptional,
} from '../define.ts';
import { formatText } from '../format-text.ts';
import { guidOf } from '../hash/guid.ts';
import { uniqueStringOf } from '../hash/unique-string.ts';
import { kindOf } from '../kinds.ts';
import { joined } from '../literal-limit.ts';

const word = nullable(text);

/**
 * @see Azure Resource Manager, "String functions for ARM templates". Texts that begin or end with another are compared without regard to
 * case. That `replace` regards it is not documented.
 */
export const stringFunctions = {
  endsWith: takes([word, word], (of, part) => fold(of).endsWith(fold(part))),
  format: withOptionalMany(formatText),
  guid: takesMany(word, 1, (parts) => named(parts, guidOf)),
  join: takes([list, word], (parts, between) =>
    parts.every((part) => part === null || typeof part !== 'object')
      ? joined(parts.map(textOf), between ?? '')
      : fault('the array must hold texts only'),
  ),
  padLeft: withOptional([nullable(either(text, integer)), integer], [word], padLeft),
  replace: takes([word, text, word], (of, old, fresh) => replace(of ?? '', old, fresh ?? '')),
  split: takes([word, nullable(either(text, list))], split),
  startsWith: takes([word, word], (of, part) => fold(of).startsWith(fold(part))),
  string: takes([anything], textOf),
  substring: withOptional([word, integer], [integer], substring),
  toLower: takes([word], (of) => (of ?? '').toLowerCase()),
  toUpper: takes([word], (of) => (of ?? '').toUpperCase()),
  trim: takes([word], (of) => (of ?? '').trim()),
  uniqueString: takesMany(word, 1, (parts) => named(parts, uniqueStringOf)),
};

function withOptionalMany(gives: (pattern: string, args: readonly Json[]) => Json | Fault) {
  return takesMany(anything, 1, ([pattern = null, ...args]) =>
    typeof pattern === 'string'
      ? gives(pattern, args)
      : fault(`the first parameter must be of type 'String', while '${kindOf(pattern)}' was provided`),
  );
}

/** A name that is derived from texts, joined by hyphens. */
function named(parts: readonly (string | null)[], derive: (name: string) => string): string | Fault {
  const name = joined(
    parts.map((part) => part ?? ''),
    '-',
  );
  return typeof name === 'string' ? derive(name) : name;
}

function replace(of: string, old: string, fresh: string): string | Fault {
  if (old === '') return fault('the second parameter must not be empty');
  return joined(of.split(old), fresh);
}

function fold(of: string | null): string {
  return (of ?? '').toLowerCase();
}

/** A value as text: truth values as .NET writes them, arrays and objects as JSON. */
function textOf(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The messages are Azure's own. */
function padLeft(of: Json, width: number, filler?: string | null): Json | Fault {
  const syntax = 'The syntax is padLeft(string, totalWidth [, paddingChar])';
  if (width <= 0 || width > 16) {
    return fault(
      `the second parameter is invalid. Total width must be a positive integer value and not greater than '16', while '${width}' was provided. ${syntax}`,
    );
  }
  if (typeof filler === 'string' && filler.length !== 1) {
    return fault(
      `the third parameter is invalid. The padding character must be a single character, while '${filler}' was provided. ${syntax}`,
    );
  }
  return textOf(of).padStart(width, filler ?? ' ');
}

/** Splits at any of the delimiters; empty ones do not count. */
function split(of: string | null, at: string | readonly Json[] | null): Json | Fault {
  if (of === null) return [];
  const delimiters = typeof at === 'string' ? [at] : (at ?? []);
  const wrong = delimiters.find((delimiter) => typeof delimiter !== 'string');
  if (wrong !== undefined) {
    return fault(
      `the second parameter must be of type 'String or Array of Strings'. The provided value is of type '${kindOf(wrong)}'`,
    );
  }
  const used = delimiters
    .filter((delimiter) => delimiter !== '')
    .map((delimiter) => String(delimiter).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return used.length === 0 ? [of] : of.split(new RegExp(used.join('|')));
}

function substring(of: string | null, start: number, length?: number): Json | Fault {
  const source = of ?? '';
  const end = length === undefined ? source.length : start + length;
  if (start < 0 || (length ?? 0) < 0 || start > source.length || end > source.length) {
    return fault(
      `the index and length parameters must refer to a location within the string. The index parameter: '${start}', the length parameter: '${length ?? source.length - start}', the length of the string parameter: '${source.length}'`,
    );
  }
  return source.slice(start, end);
}
