import type { MachineHost } from '../../../core/ports/machine-host.ts';
import { foldId } from '../../../core/resource-id.ts';

const queues = new WeakMap<MachineHost, Map<string, Promise<unknown>>>();

/**
 * Does one thing to a machine at a time, in the order asked: what starts a machine never meets what removes it. Each
 * machine host has its own queues.
 */
export async function inTurn<Result>(
  host: MachineHost,
  resourceId: string,
  act: () => Promise<Result>,
): Promise<Result> {
  const queue = queues.get(host) ?? new Map<string, Promise<unknown>>();
  queues.set(host, queue);
  const id = foldId(resourceId);
  const turn = (queue.get(id) ?? Promise.resolve()).then(act, act);
  queue.set(id, turn);
  try {
    return await turn;
  } finally {
    if (queue.get(id) === turn) queue.delete(id);
  }
}
