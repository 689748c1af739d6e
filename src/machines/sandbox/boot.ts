import { type ChildProcess, spawn } from 'node:child_process';
import { buildScript } from './build-script.ts';
import { type Conversation, converse } from './conversation.ts';
import { type OpenDoors, openDoors } from './door-opener.ts';
import type { IdMap } from './id-map.ts';
import { type Programs, systemPath } from './programs.ts';
import { inUserNamespace, type MapPrograms, mapIds, mapMachineIds } from './user-namespace.ts';

/** What a boot needs; the files are made before. */
export interface BootPlan {
  readonly root: string;
  readonly fstab: string;
  readonly places: string;
  readonly hostname: string;
  readonly map: IdMap;
  /** The homes on the disk belong to the ids of another kind of map. */
  readonly renewOwners: boolean;
}

/** A machine that is up. */
export interface Booted {
  /** `unshare`: outside the machine's PID namespace, it ends when the machine has ended with every process in it. */
  readonly supervisor: ChildProcess;
  readonly supervisorPid: number;
  readonly initPid: number;
  readonly doors: OpenDoors;
}

/** The namespaces that a machine has beside its user namespace. */
const namespaces = ['--mount', '--propagation', 'private', '--net', '--uts', '--ipc', '--pid', '--fork'];

/**
 * Runs `argv` in one more network namespace, whose own table of connections has room for so many before it grows slow. By default
 * all networks of the host share its table, and who is at the other end of a connection takes a walk through the whole of it:
 * milliseconds rather than tenths. Kernels before 6.1 know no other way.
 * @see Linux Documentation/networking/ip-sysctl.rst, tcp_child_ehash_entries
 */
const inSmallNetwork = '{ echo 1024 >/proc/sys/net/ipv4/tcp_child_ehash_entries; } 2>/dev/null || :; exec "$@"';

/** Builds the namespaces and opens the doors while the file system is still being mounted. Throws when it cannot. */
export async function boot(plan: BootPlan, programs: Programs, mapPrograms?: MapPrograms): Promise<Booted> {
  const supervisor = spawnBuilder(plan, programs);
  const { hear, close } = converse(supervisor);
  try {
    if (plan.map.kind !== 'shifted') {
      await hear('unshared');
      await mapIds(supervisor, plan.map, mapPrograms);
      supervisor.stdin?.write('\n');
    }
    const initPid = Number(await hear('network'));
    const supervisorPid = supervisor.pid as number;
    const opening = openDoors(programs, doorPlace(plan.map, supervisorPid, initPid));
    const mapMachine = () => mapMachineIds(plan.map, { initPid, supervisorPid }, programs);
    const [doors] = await Promise.all([opening, becomeInit(supervisor, hear, mapMachine)]).catch(async (error) => {
      await opening.then(closeDoors, () => undefined);
      throw error;
    });
    return { supervisor, supervisorPid, initPid, doors };
  } catch (error) {
    supervisor.stdin?.destroy();
    throw error;
  } finally {
    close();
  }
}

/** Stops listening. */
export function closeDoors(doors: OpenDoors): void {
  doors.imds.close();
  doors.cloud.close();
}

/** The last step: the machine's ids are mapped, and the builder becomes init. */
async function becomeInit(
  builder: ChildProcess,
  hear: Conversation['hear'],
  mapMachine: () => Promise<void>,
): Promise<void> {
  await hear('entered');
  await mapMachine();
  builder.stdin?.write('\n');
}

function spawnBuilder(plan: BootPlan, programs: Programs): ChildProcess {
  const groups = plan.map.kind === 'single' ? '--keep-groups' : '--clear-groups';
  const owners = plan.renewOwners ? 'renew' : 'keep';
  const script = [buildScript, 'sh', plan.root, plan.fstab, plan.places, plan.hostname, groups, owners];
  const { sh, unshare } = programs;
  const argv = [unshare, ...namespaces, sh, '-c', inSmallNetwork, 'sh', unshare, '--net', sh, '-c', ...script];
  const [command = '', ...rest] = plan.map.kind === 'shifted' ? argv : inUserNamespace(unshare, argv);
  // Its own session: what is typed at our terminal is no signal for a machine.
  return spawn(command, rest, {
    cwd: '/',
    detached: true,
    env: { PATH: systemPath.join(':') },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function doorPlace(map: IdMap, supervisorPid: number, initPid: number): { network: string; userNamespace?: string } {
  const network = `/proc/${initPid}/ns/net`;
  return map.kind === 'shifted' ? { network } : { network, userNamespace: `/proc/${supervisorPid}/ns/user` };
}
