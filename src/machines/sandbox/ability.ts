import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { diagnose } from './diagnosis.ts';
import { type IdMap, shiftedBase } from './id-map.ts';
import { findProgram, findPrograms, type Programs } from './programs.ts';
import { parseSubordinateIds } from './subordinate-ids.ts';
import { type MapPrograms, runAsBuilder } from './user-namespace.ts';

/** How this process makes machines. */
export interface Ability {
  readonly mode: 'root' | 'rootless';
  readonly programs: Programs;
  readonly mapPrograms?: MapPrograms;
  /** How a machine's ids become the host's. */
  mapFor(vmId: string): IdMap;
}

/** Each thing that is absent, and how to get it. */
export interface Inability {
  readonly missing: readonly string[];
}

/** Every kind of namespace, the mounts that are refused first, and the second user namespace: all that a machine needs. */
const trial =
  'mount -t proc -o nosuid,nodev,noexec proc /proc && mount -t tmpfs tmpfs /tmp && unshare --user --keep-caps true';

/** Finds out by trying: what a kernel, a container or a security module refuses cannot be told from outside. */
export async function findAbility(): Promise<Ability | Inability> {
  if (process.platform !== 'linux')
    return { missing: [`Machines are Linux namespaces, and this is ${process.platform}.`] };
  const programs = findPrograms();
  if ('missing' in programs) return programs;
  const said: string[] = [];
  for (const ability of listAbilities(programs)) {
    try {
      await tryOut(ability);
      return ability;
    } catch (error) {
      said.push((error as Error).message.trim());
    }
  }
  const mode = mayShift() ? 'root' : 'rootless';
  return { missing: diagnose(said.join('; '), mode, readFacts()) };
}

async function tryOut({ programs, mapPrograms, mapFor }: Ability): Promise<void> {
  const argv = [programs.unshare, '--mount', '--net', '--uts', '--ipc', '--pid', '--fork', 'sh', '-c', trial];
  await runAsBuilder(argv, mapFor('trial'), programs, mapPrograms);
}

/** The ways that there may be, the best first. Root shifts ids; whoever may not name every id of the host goes rootless. */
function listAbilities(programs: Programs): readonly Ability[] {
  if (mayShift()) return [{ mode: 'root', programs, mapFor: (vmId) => ({ kind: 'shifted', base: shiftedBase(vmId) }) }];
  const { uid, gid } = userInfoOrIds();
  const single: Ability = {
    mode: 'rootless',
    programs,
    mapFor: () => ({ kind: 'single', hostUid: uid, hostGid: gid }),
  };
  const blocks = findBlocks();
  if (blocks === undefined) return [single];
  const { mapPrograms, uids, gids } = blocks;
  const map: IdMap = { kind: 'range', hostUid: uid, hostGid: gid, uids, gids };
  return [{ mode: 'rootless', programs, mapPrograms, mapFor: () => map }, single];
}

function mayShift(): boolean {
  const everyId = readText('/proc/self/uid_map')?.trim().split(/\s+/).join(' ') === '0 0 4294967295';
  return everyId && process.getuid?.() === 0;
}

function findBlocks() {
  const { uid, userName, newuidmap, newgidmap, subuid, subgid } = findIdFacts();
  const uids = parseSubordinateIds(subuid, userName, uid);
  const gids = parseSubordinateIds(subgid, userName, uid);
  if (newuidmap === undefined || newgidmap === undefined || uids === undefined || gids === undefined) return undefined;
  return { mapPrograms: { newuidmap, newgidmap }, uids, gids };
}

/** What says whether who runs this process has subordinate ids: its names, the programs that map them, and the two tables. */
export interface IdFacts {
  readonly uid: number;
  /** Its number, where it has no name. */
  readonly userName: string;
  readonly newuidmap: string | undefined;
  readonly newgidmap: string | undefined;
  readonly subuid: string;
  readonly subgid: string;
}

/** Reads the facts as they are now. */
export function findIdFacts(): IdFacts {
  const { uid, username } = userInfoOrIds();
  return {
    uid,
    userName: username ?? String(uid),
    newuidmap: findProgram('newuidmap'),
    newgidmap: findProgram('newgidmap'),
    subuid: readText('/etc/subuid') ?? '',
    subgid: readText('/etc/subgid') ?? '',
  };
}

/** `os.userInfo` throws for an id without a passwd entry, as in many containers. */
function userInfoOrIds(): { readonly uid: number; readonly gid: number; readonly username?: string } {
  try {
    return userInfo();
  } catch {
    return { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
  }
}

function readFacts() {
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(readText('/proc/self/status') ?? '')?.[1] ?? '0';
  return {
    usernsClone: readText('/proc/sys/kernel/unprivileged_userns_clone')?.trim(),
    maxUserNamespaces: readText('/proc/sys/user/max_user_namespaces')?.trim(),
    apparmorRestriction: readText('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')?.trim(),
    capabilities: BigInt(`0x${capabilities}`),
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
