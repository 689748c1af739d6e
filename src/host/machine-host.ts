import type { MachineHost } from '../core/ports/machine-host.ts';
import { publicNames } from '../http/public-names.ts';
import type { MachineDoors } from '../machines/doors.ts';
import type { SandboxHost } from '../machines/sandbox/sandbox-host.ts';
import type { Configuration } from './configuration.ts';
import { doorsOnly } from './doors-only.ts';
import { machineTools } from './machine-tools.ts';
import { noMachines } from './no-machines.ts';
import { openOnDemand } from './on-demand-machine-host.ts';
import type { Closing } from './stop.ts';

/** What makes machines real. It is opened when it is first asked. */
export function machineHostOf(
  configuration: Configuration,
  authority: string,
  doors: MachineDoors,
  closing: Closing,
): MachineHost {
  if (configuration.machines === false) return noMachines;
  if (configuration.machines === 'doors') return doorsOnly(configuration.clock);
  if (configuration.machines !== true) return configuration.machines;
  const host = openOnDemand(() => openSandboxes(configuration, authority, doors));
  closing.add('machines', () => host.stopAll());
  return host;
}

/** Opens the sandboxes and ends what a Postern that was killed left running. */
async function openSandboxes(
  { machinePaths, paths, clock, log }: Configuration,
  authority: string,
  doors: MachineDoors,
): Promise<SandboxHost> {
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
  await host.sweep();
  return host;
}
