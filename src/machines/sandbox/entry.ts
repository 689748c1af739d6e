import type { MachineEntry } from '../../core/ports/machine-host.ts';
import type { Account } from './accounts.ts';
import type { HostView } from './host-view.ts';
import { hasId, type IdMap } from './id-map.ts';
import type { Programs } from './programs.ts';
import { machineVariables } from './variables.ts';

/** Which machine to enter, and as whom. */
export interface EntryTarget {
  readonly initPid: number;
  readonly supervisorPid: number;
  readonly map: IdMap;
  readonly account: Account;
}

/**
 * The host command that runs a program inside. The keyboard's signals pass `nsenter` by, so that only the program
 * answers them; ending `nsenter` ends the program (SIGTERM). Nothing run inside gains privileges by an exec.
 */
export function formatEntry(target: EntryTarget, view: HostView, programs: Programs): MachineEntry {
  const { env, nsenter, setpriv } = programs;
  const keyboard = 'INT,QUIT';
  return {
    argv: [
      ...[env, `--ignore-signal=${keyboard}`],
      ...enterBuilder(target, nsenter),
      ...[nsenter, `--target=${target.initPid}`, '--mount', '--uts', '--ipc', '--net', '--pid', '--user'],
      ...credentials(target),
      ...['--', setpriv, ...memberships(target), '--no-new-privs', '--pdeathsig', 'TERM', '--'],
      ...[env, `--default-signal=${keyboard}`, `--chdir=${target.account.home}`],
    ],
    env: variables(target.account, view),
  };
}

/** Rootless, the machine's namespaces belong to the builder's user namespace, and only from there can one enter them. */
function enterBuilder({ map, supervisorPid }: EntryTarget, nsenter: string): readonly string[] {
  return map.kind === 'shifted'
    ? []
    : [nsenter, '--preserve-credentials', `--user=/proc/${supervisorPid}/ns/user`, '--'];
}

function credentials({ map, account }: Pick<EntryTarget, 'map' | 'account'>): readonly string[] {
  if (map.kind === 'single') return ['--preserve-credentials'];
  const id = isMember({ map, account }) ? 0 : account.id;
  return [`--setuid=${id}`, `--setgid=${id}`];
}

/** Only root can take on groups: who is in some becomes the user after it. */
function memberships(target: Pick<EntryTarget, 'map' | 'account'>): readonly string[] {
  const { id } = target.account;
  return isMember(target) ? [`--reuid=${id}`, `--regid=${id}`, `--groups=${groupIdsOf(target).join()}`] : [];
}

function isMember(target: Pick<EntryTarget, 'map' | 'account'>): boolean {
  return target.map.kind !== 'single' && groupIdsOf(target).length > 0;
}

function groupIdsOf({ map, account }: Pick<EntryTarget, 'map' | 'account'>): readonly number[] {
  return account.groups.map(({ id }) => id).filter((id) => hasId(map, id));
}

function variables({ name, home }: Account, view: HostView): Readonly<Record<string, string>> {
  const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return {
    PATH: [...view.programFolders, ...system].join(':'),
    HOME: home,
    USER: name,
    LOGNAME: name,
    SHELL: view.shell,
    LANG: 'C.UTF-8',
    ...machineVariables,
  };
}
