import { isGuid } from '../guid.ts';
import { compareMoments, type Moment, parseMoment } from './date-time.ts';
import { compileLike, type LikeMatcher } from './like.ts';
import type { Literal } from './literal.ts';

/** What an operator compares. */
export type Family = 'Bool' | 'DateTime' | 'Guid' | 'Numeric' | 'String';

/** A value made ready to be compared. */
export type Ready = string | number | boolean | Moment | LikeMatcher;

/** How two values are compared. */
export interface Operator {
  /** As Azure spells it. */
  readonly name: string;
  readonly family: Family;
  /** Whether it may stand behind `ForAnyOfAnyValues:` and its like. */
  readonly takesSeveral: boolean;
  /** Whether its right side is a pattern, which must be written out. */
  readonly takesPattern: boolean;
  /** Makes a value ready; undefined for one that it cannot compare. */
  ready(value: Literal): Ready | undefined;
  readyRight(value: Literal): Ready | undefined;
  test(left: Ready, right: Ready): boolean;
}

type Test = (left: Ready, right: Ready) => boolean;

const same: Test = (left, right) => left === right;
const starts: Test = (left, right) => (left as string).startsWith(right as string);
const ends: Test = (left, right) => (left as string).endsWith(right as string);
const contains: Test = (left, right) => (left as string).includes(right as string);
const like: Test = (left, right) => (right as LikeMatcher)(left as string);
const not =
  (test: Test): Test =>
  (left, right) =>
    !test(left, right);

const text = (value: Literal): Ready | undefined => (typeof value === 'string' ? value : undefined);
const folded = (value: Literal): Ready | undefined => (typeof value === 'string' ? value.toLowerCase() : undefined);
const guid = (value: Literal): Ready | undefined =>
  typeof value === 'string' && isGuid(value) ? value.toLowerCase() : undefined;
const integer = (value: Literal): Ready | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
const bool = (value: Literal): Ready | undefined => (typeof value === 'boolean' ? value : undefined);
/** A number is a moment that is known to the millisecond. */
const moment = (value: Literal): Ready | undefined => {
  if (typeof value === 'number') return { millis: value, ticks: 0 };
  return typeof value === 'string' ? parseMoment(value) : undefined;
};

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  NotEquals: (order) => order !== 0,
  GreaterThan: (order) => order > 0,
  GreaterThanEquals: (order) => order >= 0,
  LessThan: (order) => order < 0,
  LessThanEquals: (order) => order <= 0,
};

function operator(family: Family, relation: string, ready: Operator['ready'], test: Test): Operator {
  const several =
    family === 'Numeric' ||
    family === 'Guid' ||
    (family === 'String' && !/StartsWith|EndsWith|Contains/.test(relation));
  return {
    name: `${family}${relation}`,
    family,
    takesSeveral: several,
    takesPattern: false,
    ready,
    readyRight: ready,
    test,
  };
}

function texts(suffix: '' | 'IgnoreCase', ready: Operator['ready']): readonly Operator[] {
  const pattern = (value: Literal): Ready | undefined => {
    const prepared = ready(value);
    return typeof prepared === 'string' ? compileLike(prepared) : undefined;
  };
  const likes = (relation: string, test: Test): Operator => ({
    ...operator('String', `${relation}${suffix}`, ready, test),
    takesPattern: true,
    readyRight: pattern,
  });
  return [
    operator('String', `Equals${suffix}`, ready, same),
    operator('String', `NotEquals${suffix}`, ready, not(same)),
    operator('String', `StartsWith${suffix}`, ready, starts),
    operator('String', `NotStartsWith${suffix}`, ready, not(starts)),
    likes('Like', like),
    likes('NotLike', not(like)),
  ];
}

const all: readonly Operator[] = [
  operator('Bool', 'Equals', bool, same),
  operator('Bool', 'NotEquals', bool, not(same)),
  ...texts('', text),
  ...texts('IgnoreCase', folded),
  // Published with Key Vault's attributes, and without `IgnoreCase`. @see https://learn.microsoft.com/azure/key-vault/general/rbac-abac
  operator('String', 'EndsWith', text, ends),
  operator('String', 'NotEndsWith', text, not(ends)),
  operator('String', 'Contains', text, contains),
  operator('String', 'NotContains', text, not(contains)),
  operator('Guid', 'Equals', guid, same),
  operator('Guid', 'NotEquals', guid, not(same)),
  ...Object.entries(orders).flatMap(([relation, holds]) => [
    operator('Numeric', relation, integer, (left, right) => holds((left as number) - (right as number))),
    operator('DateTime', relation, moment, (left, right) => holds(compareMoments(left as Moment, right as Moment))),
  ]),
];

const byName: ReadonlyMap<string, Operator> = new Map(all.map((one) => [one.name.toLowerCase(), one]));

/** An operator by its name, in any letter case. */
export function findOperator(name: string): Operator | undefined {
  return byName.get(name.toLowerCase());
}

/** The names of all operators, in alphabetical order. */
export function operatorNames(): readonly string[] {
  return all.map(({ name }) => name).toSorted();
}
