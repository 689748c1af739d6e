import { rememberTexts } from '../../remember.ts';
import { compileCondition } from './compile.ts';
import type { Condition } from './condition.ts';
import { maxConditionLength, parseCondition } from './parse.ts';
import { type Expression, isFlaw } from './syntax.ts';

/** A stored condition. */
export interface LoadedCondition {
  /** Undefined for a text that is no condition: one that was written elsewhere, or before an attribute went. */
  readonly expression: Expression | undefined;
  readonly holds: Condition;
}

/** Loads a stored condition, once for as long as it is among the last 4,096; a text that is none never holds. */
export const loadCondition = rememberTexts(load, { limit: 4096, maxLength: maxConditionLength });

function load(text: string): LoadedCondition {
  const expression = parseCondition(text);
  if (isFlaw(expression)) return { expression: undefined, holds: () => undefined };
  return { expression, holds: compileCondition(expression) };
}
