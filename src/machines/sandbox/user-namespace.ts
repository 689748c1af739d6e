import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { converse } from './conversation.ts';
import { formatMachineMap, type IdMap } from './id-map.ts';
import { type Programs, systemPath } from './programs.ts';

/** The two set-user-id programs that write maps of more than one id for an ordinary user (package `uidmap`). */
export interface MapPrograms {
  readonly newuidmap: string;
  readonly newgidmap: string;
}

/**
 * A command that runs `argv` as root of a new user namespace, once its ids are mapped: it says `unshared` and waits for
 * a line. The capabilities are kept over the first exec, since no id is mapped yet (capabilities(7)).
 */
export function inUserNamespace(unshare: string, argv: readonly string[]): readonly string[] {
  const wait = 'echo unshared; read -r _ || exit 1; exec "$@"';
  return [unshare, '--user', '--keep-caps', 'sh', '-c', wait, 'sh', ...argv];
}

/** Maps the ids of the user namespace that the process has just made. */
export async function mapIds(child: ChildProcess, map: IdMap, programs: MapPrograms | undefined): Promise<void> {
  const pid = String(child.pid);
  if (map.kind === 'range' && programs !== undefined) {
    const run = promisify(execFile);
    const lines = (id: number, block: { start: number; count: number }) =>
      [0, id, 1, 1, block.start, block.count].map(String);
    await run(programs.newuidmap, [pid, ...lines(map.hostUid, map.uids)]);
    await run(programs.newgidmap, [pid, ...lines(map.hostGid, map.gids)]);
  } else if (map.kind === 'single') {
    // One's own group may be mapped only once setgroups(2) is given up (user_namespaces(7)).
    await writeFile(`/proc/${pid}/setgroups`, 'deny');
    await writeFile(`/proc/${pid}/uid_map`, `0 ${map.hostUid} 1`);
    await writeFile(`/proc/${pid}/gid_map`, `0 ${map.hostGid} 1`);
  }
}

/** Maps the ids of the machine's own user namespace. Only from the one above may it be written (user_namespaces(7)). */
export async function mapMachineIds(
  map: IdMap,
  { initPid, supervisorPid }: { readonly initPid: number; readonly supervisorPid: number },
  programs: Programs,
): Promise<void> {
  const line = formatMachineMap(map);
  const files = [`/proc/${initPid}/uid_map`, `/proc/${initPid}/gid_map`];
  if (map.kind === 'shifted') {
    for (const file of files) await writeFile(file, line);
    return;
  }
  const write = ['sh', '-c', 'echo "$1" >"$2"; echo "$1" >"$3"', 'sh', line, ...files];
  const enter = ['--preserve-credentials', `--user=/proc/${supervisorPid}/ns/user`, '--', ...write];
  await promisify(execFile)(programs.nsenter, enter);
}

/** Runs a command as root over the machine's files: as it is where we are root, else in a user namespace. Throws unless it succeeds. */
export async function runAsBuilder(
  argv: readonly string[],
  map: IdMap,
  programs: Programs,
  mapPrograms?: MapPrograms,
): Promise<void> {
  const [command = '', ...rest] = map.kind === 'shifted' ? argv : inUserNamespace(programs.unshare, argv);
  const child = spawn(command, rest, { cwd: '/', env: { PATH: systemPath.join(':') }, stdio: 'pipe' });
  const closed = once(child, 'close');
  closed.catch(() => undefined);
  const conversation = converse(child);
  try {
    if (map.kind !== 'shifted') {
      await conversation.hear('unshared');
      await mapIds(child, map, mapPrograms);
      child.stdin.write('\n');
    }
    await closed;
    if (child.exitCode !== 0) await conversation.hear('success');
  } finally {
    child.stdin.destroy();
  }
}
