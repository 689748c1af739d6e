import { compileActions } from '../action-pattern.ts';
import { absent, readerOf } from './attribute-value.ts';
import { compileComparison } from './compile-comparison.ts';
import type { Condition, Truth } from './condition.ts';
import type { Expression } from './syntax.ts';

/**
 * Compiles an expression. What cannot be said is passed on as such through NOT, AND and OR (Kleene's three-valued logic), so that no
 * negation ever makes it true.
 */
export function compileCondition(expression: Expression): Condition {
  switch (expression.kind) {
    case 'and':
      return allOf(expression.parts.map(compileCondition));
    case 'or':
      return anyOf(expression.parts.map(compileCondition));
    case 'not':
      return negate(compileCondition(expression.part));
    case 'actionMatches': {
      const matches = compileActions([expression.pattern]);
      return ({ action }) => matches(action);
    }
    case 'subOperationMatches':
      // No action of Resource Manager has suboperations; which one a data action is of, is not told.
      return ({ plane }) => (plane === 'control' ? false : undefined);
    case 'exists': {
      const read = readerOf(expression.attribute);
      return ({ facts }) => {
        const value = read(facts);
        return value === undefined ? undefined : value !== absent;
      };
    }
    case 'compare':
      return compileComparison(expression);
  }
}

function allOf(parts: readonly Condition[]): Condition {
  return (asked) => {
    let truth: Truth = true;
    for (const part of parts) {
      const holds = part(asked);
      if (holds === false) return false;
      if (holds === undefined) truth = undefined;
    }
    return truth;
  };
}

function anyOf(parts: readonly Condition[]): Condition {
  return (asked) => {
    let truth: Truth = false;
    for (const part of parts) {
      const holds = part(asked);
      if (holds === true) return true;
      if (holds === undefined) truth = undefined;
    }
    return truth;
  };
}

function negate(part: Condition): Condition {
  return (asked) => {
    const holds = part(asked);
    return holds === undefined ? undefined : !holds;
  };
}
