// The server of the benchmark of IMDS by new connections, in a process of its own: a whole Postern over SQLite, and a sandbox machine
// whose metadata service it is, at 169.254.169.254 in that machine's own network.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { MachineEntry } from '../../src/core/ports/machine-host.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { systemClock } from '../../src/host/system.ts';
import { openSandboxHost } from '../../src/machines/sandbox/sandbox-host.ts';
import { cpuMicros, type ServerCost, type ServerReady } from '../http/serve.ts';
import { askingUser, openMachine, question } from './guarded-machine.ts';

/** What kind of server to be. */
export interface MachineOrder {
  /** Whether the machine has an access control profile of 100 rules in Enforce. */
  readonly guarded: boolean;
}

/** Where to ask, and how to get there: the command that runs a program on the machine. */
export interface MachineReady extends ServerReady {
  readonly inside: MachineEntry;
}

process.once('message', async ({ guarded }: MachineOrder) => {
  const { manager, machineResourceId } = await openMachine(guarded);
  const stateDir = await mkdtemp(join(tmpdir(), 'postern-bench-machine-'));
  const machines = await openSandboxHost({
    stateDir,
    doors: {
      imds: (socket, resourceId, caller) => manager.metadata.accept(socket, resourceId, caller),
      cloud: (socket) => socket.destroy(),
    },
    publicNames: [],
    caCertificatePem: '',
    toolPaths: [resolve(import.meta.dirname, '../..')],
    hiddenPaths: [],
    clock: systemClock,
  });
  process.once('disconnect', async () => {
    await machines.remove(machineResourceId);
    await rm(stateDir, { recursive: true, force: true });
    process.exit(0);
  });
  const started = await machines.start({
    resourceId: machineResourceId,
    vmId: 'bench',
    hostname: 'web-1',
    users: [askingUser],
  });
  if (isRefusal(started)) throw new Error(started.message);
  const inside = machines.entry(machineResourceId, askingUser);
  if (inside === undefined || isRefusal(inside)) throw new Error('the machine cannot be entered');
  process.on('message', () => process.send?.({ cpuMicros: cpuMicros() } satisfies ServerCost));
  process.send?.({ host: '169.254.169.254', port: 80, ...question, inside } satisfies MachineReady);
});
