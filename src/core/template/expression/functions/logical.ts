import { fault, functionFailed, takes, text, truth, wrongCount, wrongType } from '../define.ts';
import type { Evaluated } from '../evaluated.ts';
import { isValue } from '../evaluated.ts';
import type { Form } from '../run.ts';
import type { Call } from '../syntax.ts';

/** `if` evaluates its condition and the branch that is taken, never the other one. */
const choose: Form = (call, run) => {
  const count = wrongCount('if', call.args.length, 3, 3);
  if (count !== undefined) return count;
  const [condition, whenTrue, whenFalse] = call.args as [Call, Call, Call];
  const decided = run.evaluate(condition);
  if (!isValue(decided)) return decided;
  return wrongType('if', [decided.value], [truth, truth, truth]) ?? run.evaluate(decided.value ? whenTrue : whenFalse);
};

/** `and` and `or` stop at the first argument that decides. */
const until =
  (name: string, decisive: boolean): Form =>
  (call, run) => {
    const count = call.args.length;
    if (count < 2) return functionFailed(name, `function requires at least 2 argument(s) while ${count} were provided`);
    for (const arg of call.args) {
      const evaluated = run.evaluate(arg);
      if (!isValue(evaluated)) return evaluated;
      const wrong = wrongType(name, [evaluated.value], [truth, truth]);
      if (wrong !== undefined || evaluated.value === decisive) return wrong ?? evaluated;
    }
    return { value: !decisive };
  };

/** `coalesce` stops at the first argument that is not null. */
const coalesce: Form = (call, run) => {
  let last: Evaluated = functionFailed('coalesce', 'function requires at least 1 argument(s) while 0 were provided');
  for (const arg of call.args) {
    last = run.evaluate(arg);
    if (!isValue(last) || last.value !== null) return last;
  }
  return last;
};

/** The functions that leave arguments unevaluated. @see Azure Resource Manager, "Logical functions for ARM templates" */
export const logicalForms: readonly (readonly [string, Form])[] = [
  ['if', choose],
  ['and', until('and', false)],
  ['or', until('or', true)],
  ['coalesce', coalesce],
];

/** The logical functions that evaluate all their arguments, and `fail`, which a branch that must not be taken evaluates. */
export const logicalFunctions = {
  fail: takes([text], (message) => fault(message)),
  not: takes([truth], (value) => !value),
  true: takes([], () => true),
  false: takes([], () => false),
  null: takes([], () => null),
};
