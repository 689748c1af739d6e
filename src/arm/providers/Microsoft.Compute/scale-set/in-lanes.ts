import type { Document } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { suspended } from '../../../provider-contract.ts';

/** What doing something to machines comes to: nothing to say, the first refusal, or that Postern ends before. */
export type Outcome = Refusal | undefined | typeof suspended;

/** Machines at a time: bringing one up is mostly waiting for its processes. */
const width = 4;

/** Does something to each machine, some at a time; one that refuses keeps no other from its turn. */
export async function inLanes(
  machines: readonly Document[],
  act: (machine: Document) => Promise<Outcome>,
): Promise<Outcome> {
  const waiting = [...machines];
  const outcomes: Outcome[] = [];
  const lane = async (): Promise<void> => {
    for (let machine = waiting.shift(); machine !== undefined; machine = waiting.shift()) {
      outcomes.push(await act(machine));
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return outcomes.includes(suspended) ? suspended : outcomes.find(isRefusal);
}
