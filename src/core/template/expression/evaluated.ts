import type { Json } from '../../json.ts';
import type { Refusal } from '../../refusal.ts';
import type { Budget } from './budget.ts';

/** What must be loaded before evaluation can go on. Only the environment's functions make it (`reference`, `list…`); it passes through untouched. */
export interface Awaits {
  readonly awaits: unknown;
}

/** What an expression comes to: a value, why there is none (`InvalidTemplate`), or what must be loaded first. */
export type Evaluated = { readonly value: Json } | Refusal | Awaits;

/** A function of the language; its arguments have been evaluated. */
export type TemplateFunction = (args: readonly Json[]) => Evaluated;

/** What a template gives an expression beyond the functions that need no context. */
export interface Environment {
  /**
   * Looks a function up: `parameters`, `variables`, `resourceId`, `reference`, `copyIndex`, `newGuid`, user functions … It is asked before
   * the language's own functions, so it can also refuse one of them. `name` and `namespace` are in lower case; `namespace` only where it was written.
   */
  function(name: string, namespace?: string): TemplateFunction | undefined;
  /** What all evaluations of one template may cost together. Without it each text and each value has a budget of its own. */
  readonly budget?: Budget;
}

/** Whether evaluation came to a value. */
export function isValue(evaluated: Evaluated): evaluated is { readonly value: Json } {
  return 'value' in evaluated;
}
