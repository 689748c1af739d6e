import { reconcileMachines } from '../arm/providers/Microsoft.Compute/reconcile-machines.ts';
import type { LogEntry } from './configuration.ts';
import { listMachines, type OperatorMachinePorts } from './operator/machines.ts';
import type { Services } from './services.ts';

/**
 * Takes up the operations that were in progress when the last Postern ended and brings the machines back that were running.
 * Nothing waits for it but who enters a machine: the services answer meanwhile. Failures are told, never thrown.
 */
export async function restoreMachines({ arm, context }: Services, log: (entry: LogEntry) => void): Promise<void> {
  try {
    // Opens the machine host, which ends what a killed Postern left, before anything is started.
    await context.machineHost.support();
    await arm.resume();
    for (const { resourceId, refusal } of await reconcileMachines(context)) {
      log({ level: 'warn', event: 'machine not started', fields: { resourceId, reason: refusal.message } });
    }
    await arm.idle();
  } catch (error) {
    log({ level: 'error', event: 'machines not restored', fields: { cause: String(error) } });
  }
}

/** Ends every machine and removes its disk, whatever Resource Manager says of it. */
export async function removeMachines(ports: OperatorMachinePorts): Promise<void> {
  const machines = await listMachines(ports);
  await Promise.all(machines.map(({ resourceId }) => ports.machineHost.remove(resourceId)));
}
