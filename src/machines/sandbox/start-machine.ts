import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { MachineSpec } from '../../core/ports/machine-host.ts';
import type { Ability } from './ability.ts';
import { type Account, assignIds, listAccounts } from './accounts.ts';
import { boot } from './boot.ts';
import { machineCallers } from './callers/callers.ts';
import { formatEntry } from './entry.ts';
import type { Ground } from './ground.ts';
import type { HostView } from './host-view.ts';
import { hasId } from './id-map.ts';
import { type LiveMachine, serveMachine } from './live-machine.ts';
import { prepareFolder, writeAccounts } from './machine-folder.ts';
import type { SandboxHostOptions } from './options.ts';
import { type MachineRecord, writeRecord } from './record.ts';

/** A machine that was started, and what is now recorded of it. */
export interface Started {
  readonly machine: LiveMachine;
  readonly record: MachineRecord;
}

/** The record that a machine has from now on: its users and groups keep the ids they have. */
export function renewRecord(spec: MachineSpec, known: MachineRecord | undefined): MachineRecord {
  const { resourceId, vmId } = spec;
  const earlier = known?.vmId === vmId ? known : undefined;
  return { ...earlier, resourceId, vmId, ...assignIds(spec, earlier), processes: [] };
}

/** Brings a machine up and into service. Throws when the host cannot. */
export async function startMachine(
  spec: MachineSpec,
  record: MachineRecord,
  ability: Ability,
  ground: Ground,
  options: SandboxHostOptions,
): Promise<Started> {
  const folder = ground.folderOf(spec.vmId);
  const view = ground.prepare();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeRecord(folder, record);
  const accounts = listAccounts(spec, record);
  const map = ability.mapFor(spec.vmId);
  const { publicNames, doors, clock } = options;
  const plan = await prepareFolder(folder, { spec, accounts, map, view, root: ground.root, publicNames });
  const renewOwners = record.mapKind !== undefined && record.mapKind !== map.kind;
  const booted = await boot({ ...plan, renewOwners }, ability.programs, ability.mapPrograms);
  const { resourceId, vmId } = spec;
  const running = { resourceId, vmId, initPid: booted.initPid, startedAt: clock.now() };
  const callers = machineCallers({ ...booted, map, folder }, ability.programs.nsenter);
  const machine = serveMachine(booted, { running, map, accounts }, doors, callers);
  const kept = { ...record, mapKind: map.kind, processes: machine.processes };
  await writeRecord(folder, kept);
  return { machine, record: kept };
}

/** Gives a running machine the accounts of a changed specification. */
export async function changeAccounts(
  machine: LiveMachine,
  accounts: readonly Account[],
  record: MachineRecord,
  folder: string,
  ability: Ability,
  view: HostView,
): Promise<LiveMachine> {
  await writeRecord(folder, record);
  await writeAccounts(folder, accounts, view.shell);
  machine.renewNames();
  const added = accounts.filter(({ id }) => !machine.accounts.some((account) => account.id === id));
  for (const account of added) await makeHome(machine, account, ability, view);
  return { ...machine, accounts };
}

/** Made from inside, by the machine's own root: the disk is in its users' hands, so no path on it is safe for ours. */
async function makeHome(machine: LiveMachine, { id, home }: Account, ability: Ability, view: HostView): Promise<void> {
  const root = { name: 'root', id: 0, home: '/', groups: [] };
  const owner = String(hasId(machine.map, id) ? id : 0);
  const { argv, env } = formatEntry(
    { ...machine, initPid: machine.running.initPid, account: root },
    view,
    ability.programs,
  );
  const [command = '', ...words] = [...argv, 'install', '-d', '-m', '750', '-o', owner, '-g', owner, '--', home];
  await promisify(execFile)(command, words, { env });
}
