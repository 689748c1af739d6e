import type { Clock } from '../core/ports/clock.ts';
import type { MachineHost, RunningMachine } from '../core/ports/machine-host.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { foldId } from '../core/resource-id.ts';

/**
 * Machines that are nothing but their identities: they have power states and no processes, and programs of this host use
 * their identities through the other doors. For hosts on which no machine can run: macOS, containers without rights.
 */
export function doorsOnly(clock: Clock): MachineHost {
  const running = new Map<string, RunningMachine>();
  return {
    support: async () => ({ supported: true, mode: 'doors' }),
    start: async ({ resourceId, vmId }) => {
      const machine = running.get(foldId(resourceId)) ?? { resourceId, vmId, initPid: 0, startedAt: clock.now() };
      running.set(foldId(resourceId), machine);
      return machine;
    },
    stop: async (resourceId) => void running.delete(foldId(resourceId)),
    remove: async (resourceId) => void running.delete(foldId(resourceId)),
    running: (resourceId) => running.get(foldId(resourceId)),
    entry: (resourceId) => (running.has(foldId(resourceId)) ? refuseEntry() : undefined),
    run: async (resourceId) => (running.has(foldId(resourceId)) ? refuseEntry() : undefined),
    endScripts: async () => undefined,
  };
}

function refuseEntry(): Refusal {
  return refuse(
    'MachineHostUnavailable',
    'Machines of this Postern have no inside (it was started with --machines doors): use their identities through `postern vm env`.',
  );
}
