import type { Json } from '../json.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Environment, Evaluated } from './expression/evaluated.ts';

/** A round of a loop that is being evaluated. */
export interface Round {
  /** Undefined for a loop of an output, which has no name. */
  readonly name?: string;
  readonly index: number;
}

/** The most rounds of one loop. @see Azure Resource Manager, "Template limits": 800 */
export const mostRounds = 800;

/** The environment within rounds of loops, the outermost first: `copyIndex()` is the outermost's, `copyIndex('name')` any's. */
export function withRounds(environment: Environment, rounds: readonly Round[]): Environment {
  if (rounds.length === 0) return environment;
  return {
    ...environment,
    function: (name, namespace) =>
      name === 'copyindex' && namespace === undefined
        ? (args) => copyIndex(rounds, args)
        : environment.function(name, namespace),
  };
}

function copyIndex(rounds: readonly Round[], args: readonly Json[]): Evaluated {
  const named = typeof args[0] === 'string' ? args[0] : undefined;
  const offset = args[named === undefined ? 0 : 1] ?? 0;
  const round =
    named === undefined ? rounds[0] : rounds.find(({ name }) => name?.toLowerCase() === named.toLowerCase());
  if (round === undefined || !Number.isInteger(offset)) return outside(named);
  return { value: round.index + Number(offset) };
}

/** What `copyIndex` is where no loop is. */
export function outside(named?: string): Refusal {
  const what = named === undefined ? '' : ` The loop '${named}' does not exist here.`;
  return refuse(
    'InvalidTemplate',
    `The template function 'copyIndex' is not expected at this location. The function can only be used in a resource with copy specified.${what} Please see https://aka.ms/arm-copy for usage details.`,
  );
}

/** How many rounds a loop has. Refuses `InvalidTemplate` for what is no whole number from 0 to 800. */
export function judgeCount(count: Json, loop: string): number | Refusal {
  if (Number.isInteger(count) && Number(count) >= 0 && Number(count) <= mostRounds) return Number(count);
  return refuse(
    'InvalidTemplate',
    `The copy count of '${loop}' must be a whole number from 0 to ${mostRounds}, not '${String(count)}'.`,
  );
}
