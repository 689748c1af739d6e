import type { MachineHost } from '../core/ports/machine-host.ts';
import { refuse } from '../core/refusal.ts';

/** The machine host of a Postern that was started without machines: everything else serves. */
export const noMachines: MachineHost = {
  support: async () => ({ supported: false, missing: ['This Postern was started without machines.'] }),
  start: async () => refuse('MachineHostUnavailable', 'This Postern was started without machines.'),
  stop: async () => undefined,
  remove: async () => undefined,
  running: () => undefined,
  entry: () => undefined,
  run: async () => undefined,
  endScripts: async () => undefined,
};
