import type { MachineHost } from '../core/ports/machine-host.ts';
import { publicNames } from '../http/public-names.ts';
import type { MachineDoors } from '../machines/doors.ts';
import type { Configuration } from './configuration.ts';
import { machineTools } from './machine-tools.ts';
import { noMachines } from './no-machines.ts';
import type { Closing } from './stop.ts';

/** Opens what makes machines real, and ends what a Postern that was killed left running. */
export async function openMachineHost(
  { machines, machinePaths, paths, clock, log }: Configuration,
  authority: string,
  doors: MachineDoors,
  closing: Closing,
): Promise<MachineHost> {
  if (machines === false) return noMachines;
  if (machines !== true) return machines;
  const { openSandboxHost } = await import('../machines/sandbox/sandbox-host.ts');
  const host = await openSandboxHost({
    stateDir: paths.machines,
    doors,
    publicNames: Object.keys(publicNames),
    caCertificatePem: authority,
    toolPaths: machineTools(machinePaths),
    hiddenPaths: [paths.root],
    clock,
    logger: log,
  });
  closing.add('machines', () => host.stopAll());
  await host.sweep();
  return host;
}
