import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineSpec } from '../../core/ports/machine-host.ts';
import { type Account, formatGroup, formatPasswd, formatShadow } from './accounts.ts';
import type { BootPlan } from './boot.ts';
import type { HostView } from './host-view.ts';
import type { IdMap } from './id-map.ts';
import { formatFstab, listMounts, type ownEtcFiles } from './mount-table.ts';
import { formatPlaces, listPlaces } from './places.ts';

/** What a machine's files are written from. */
export interface FolderContent {
  readonly spec: MachineSpec;
  readonly accounts: readonly Account[];
  readonly map: IdMap;
  readonly view: HostView;
  /** The root directory that all machines share. */
  readonly root: string;
  readonly publicNames: readonly string[];
}

/**
 * Writes what a machine starts from. INVARIANT: the machine's users write to `disk/*` only, and the host never follows
 * a path below it; all that is written here lies beside it.
 */
export async function prepareFolder(folder: string, content: FolderContent): Promise<Omit<BootPlan, 'renewOwners'>> {
  const { spec, accounts, map, view, root } = content;
  for (const name of ['etc', 'disk']) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  const plan = { root, fstab: join(folder, 'fstab'), places: join(folder, 'places'), hostname: spec.hostname, map };
  await Promise.all([
    writeAccounts(folder, accounts, view.shell),
    writeEtc(folder, 'hosts', formatHosts(spec.hostname, content.publicNames)),
    writeEtc(folder, 'hostname', `${spec.hostname}\n`),
    writeFile(plan.fstab, formatFstab(listMounts({ view, root, folder, map }), root)),
    writeFile(plan.places, formatPlaces(listPlaces(map, accounts, view.shown), join(folder, 'disk'))),
  ]);
  return plan;
}

/** Writes the account files in place: a running machine sees them change. */
export async function writeAccounts(folder: string, accounts: readonly Account[], shell: string): Promise<void> {
  await Promise.all([
    writeEtc(folder, 'passwd', formatPasswd(accounts, shell)),
    writeEtc(folder, 'group', formatGroup(accounts)),
    writeEtc(folder, 'shadow', formatShadow(accounts)),
  ]);
}

/** The public names lead to the machine's own 127.0.0.1, where Postern listens. */
function formatHosts(hostname: string, publicNames: readonly string[]): string {
  return `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n${publicNames.map((name) => `127.0.0.1 ${name}\n`).join('')}`;
}

async function writeEtc(folder: string, name: (typeof ownEtcFiles)[number], text: string): Promise<void> {
  const file = join(folder, 'etc', name);
  await writeFile(file, text);
  await chmod(file, 0o644);
}
