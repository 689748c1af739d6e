import { Lanes } from '../../../core/lanes.ts';
import type { MachineHost } from '../../../core/ports/machine-host.ts';
import { foldId } from '../../../core/resource-id.ts';

const lanesOf = new WeakMap<MachineHost, Lanes>();

/**
 * Does one thing to a machine at a time, in the order asked: what starts a machine never meets what removes it. Each
 * machine host has its own lanes.
 */
export function inTurn<Result>(host: MachineHost, resourceId: string, act: () => Promise<Result>): Promise<Result> {
  const lanes = lanesOf.get(host) ?? new Lanes();
  lanesOf.set(host, lanes);
  return lanes.run(foldId(resourceId), act);
}
