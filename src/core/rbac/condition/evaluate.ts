import { rememberTexts } from '../../remember.ts';
import { compileCondition } from './compile.ts';
import type { Condition } from './condition.ts';
import { maxConditionLength, parseCondition } from './parse.ts';
import { type Flaw, isFlaw } from './syntax.ts';

export { describeUnmet } from './unmet-clause.ts';

/** Compiles a stored condition, once for as long as it is among the last 4,096; a text that is none never holds. */
export const evaluatorOf = rememberTexts(load, { limit: 4096, maxLength: maxConditionLength });

/** One may be stored that was written elsewhere, or before an attribute went. */
function load(text: string): Condition {
  const expression = parseCondition(text);
  return isFlaw(expression) ? () => undefined : compileCondition(expression);
}

/** What is wrong with a text that shall be a condition, if something is. */
export function findFlaw(text: string): Flaw | undefined {
  const parsed = parseCondition(text);
  return isFlaw(parsed) ? parsed : undefined;
}
