import type { AccessFacts } from '../access-facts.ts';
import { absent, readerOf } from './attribute-value.ts';
import type { Condition, Truth } from './condition.ts';
import type { Literal } from './literal.ts';
import type { Operator, Ready } from './operators.ts';
import type { Expression, Operand, Quantifier } from './syntax.ts';

type Comparison = Expression & { readonly kind: 'compare' };

/** The values of one side, ready to be compared; undefined when they are not known or cannot be compared. */
type Side = (facts: AccessFacts | undefined) => readonly Ready[] | undefined;

/** Compiles a comparison. Where a side has no value, it cannot be said whether it holds. */
export function compileComparison({ left, quantifier, operator, right }: Comparison): Condition {
  const leftOf = sideOf(left, operator.ready);
  const rightOf = sideOf(right, operator.readyRight);
  const compare = compareWith(operator, quantifier);
  if (left.kind === 'literal' && right.kind === 'literal') {
    let constant: { readonly truth: Truth } | undefined;
    return () => {
      constant ??= { truth: compare(leftOf(undefined), rightOf(undefined)) };
      return constant.truth;
    };
  }
  return ({ facts }) => compare(leftOf(facts), rightOf(facts));
}

type Compare = (left: readonly Ready[] | undefined, right: readonly Ready[] | undefined) => Truth;

function compareWith({ test }: Operator, quantifier: Quantifier | undefined): Compare {
  if (quantifier === undefined) {
    return (left, right) => {
      const [one, ...others] = left ?? [];
      const [other, ...more] = right ?? [];
      if (one === undefined || other === undefined || others.length + more.length > 0) return undefined;
      return test(one, other);
    };
  }
  const allLeft = quantifier.startsWith('ForAllOf');
  const allRight = quantifier.endsWith('AllValues');
  return (left, right) => {
    if (left === undefined || right === undefined) return undefined;
    const holds = (one: Ready) =>
      allRight ? right.every((other) => test(one, other)) : right.some((other) => test(one, other));
    return allLeft ? left.every(holds) : left.some(holds);
  };
}

function sideOf(operand: Operand, ready: Operator['ready']): Side {
  if (operand.kind === 'literal') {
    const values = readyAll(operand.values, ready);
    return () => values;
  }
  const read = readerOf(operand);
  return (facts) => {
    const value = read(facts);
    if (value === undefined || value === absent) return undefined;
    return typeof value === 'object' ? readyAll(value, ready) : readyAll([value], ready);
  };
}

/** One that cannot be compared makes them all so; an attribute without any value is no attribute. */
function readyAll(values: readonly Literal[], ready: Operator['ready']): readonly Ready[] | undefined {
  const prepared: Ready[] = [];
  for (const value of values) {
    const one = ready(value);
    if (one === undefined) return undefined;
    prepared.push(one);
  }
  return prepared.length === 0 ? undefined : prepared;
}
