import type { Json } from '../../../json.ts';
import { deepEqual } from '../canonical.ts';
import { anything, type Definition, either, fault, numeric, takes, text } from '../define.ts';
import { kindOf } from '../kinds.ts';

const comparable = either(numeric, text);

/** @see Azure Resource Manager, "Comparison functions for ARM templates" (`coalesce` is among the forms) */
export const comparisonFunctions = {
  equals: takes([anything, anything], deepEqual),
  less: compares((order) => order < 0),
  lessOrEquals: compares((order) => order <= 0),
  greater: compares((order) => order > 0),
  greaterOrEquals: compares((order) => order >= 0),
};

/** Numbers by size, texts as .NET's invariant culture orders them: by letters first, lower case before upper. */
function compares(holds: (order: number) => boolean): Definition {
  return takes([comparable, comparable], (a: Json, b: Json) => {
    if (typeof a === 'number' && typeof b === 'number') return holds(a - b);
    if (typeof a === 'string' && typeof b === 'string') return holds(collator.compare(a, b));
    return fault(`the parameters must be of the same type, while '${kindOf(a)}' and '${kindOf(b)}' were provided`);
  });
}

const collator = new Intl.Collator('en-US', { caseFirst: 'lower' });
