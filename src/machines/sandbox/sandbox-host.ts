import { mkdir } from 'node:fs/promises';
import { foldId } from '../../core/resource-id.ts';
import { Ground } from './ground.ts';
import type { SandboxHost, SandboxHostOptions, SandboxLogEntry } from './options.ts';
import { readRecords } from './record.ts';
import { Sandboxes } from './sandboxes.ts';

// A sandbox is a machine made of Linux namespaces: it owns its processes, network, users and disk, and shows the host's
// operating system read-only. This folder builds one, opens its metadata endpoint from inside, and ends it without a trace.

export type { SandboxHost, SandboxHostOptions, SandboxLogEntry };

/** Opens the host. Nothing is tried or made before the first machine is. */
export async function openSandboxHost(options: SandboxHostOptions): Promise<SandboxHost> {
  await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
  const records = await readRecords(options.stateDir);
  const byMachine = new Map(records.map((record) => [foldId(record.resourceId), record]));
  return new Sandboxes(options, new Ground(options), byMachine);
}
