import type { Json } from '../../json.ts';
import type { Evaluated } from './evaluated.ts';
import type { Call, Syntax } from './syntax.ts';

/** The values of a lambda's variables, by name in lower case. */
export type Bindings = ReadonlyMap<string, Json>;

/** What a form needs of the evaluation in which it stands. */
export interface Run {
  /** Evaluates a part of the tree, with the variables of the lambdas around it and those given. */
  evaluate(syntax: Syntax, variables?: Bindings): Evaluated;
  /** The variables of the lambdas around this place. */
  readonly variables: Bindings;
}

/** A function that decides itself which of its arguments are evaluated, and when: `if`, `coalesce`, `map` … */
export type Form = (call: Call, run: Run) => Evaluated;
