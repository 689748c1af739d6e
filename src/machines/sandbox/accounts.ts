import type { MachineSpec } from '../../core/ports/machine-host.ts';

/** A login account of a machine. */
export interface Account {
  readonly name: string;
  /** User id and group id. */
  readonly id: number;
  readonly home: string;
  /** The groups that it is in beside its own. */
  readonly groups: readonly LocalGroup[];
}

/** A group of several users. */
export interface LocalGroup {
  readonly name: string;
  readonly id: number;
}

type Accounts = Pick<MachineSpec, 'users' | 'groups'>;
type Ids = Readonly<Record<string, number>>;

/** The first id of login users and their groups, as on Debian and Ubuntu. */
const firstId = 1000;

/** A name that is one word in passwd(5), a path segment, and accepted by useradd(8). */
const validName = /^[a-z_][a-z0-9_-]{0,31}$/i;

/** Whether a machine can have a user of this name. */
export function isUserName(name: string): boolean {
  return validName.test(name) && name !== 'nobody';
}

/** The ids that a machine's users and groups have for ever, since files on the disk belong to them. */
export interface AccountIds {
  readonly userIds: Readonly<Record<string, number>>;
  readonly groupIds?: Readonly<Record<string, number>>;
}

/** Gives each new user and group the next free id: a user's own group has the id of its user. */
export function assignIds({ users, groups = [] }: Accounts, known: AccountIds = { userIds: {} }): Required<AccountIds> {
  const before = known.groupIds ?? {};
  const others = users.filter((user) => user !== 'root');
  const userIds = assignNext(others, known.userIds, before);
  return {
    userIds,
    groupIds: assignNext(
      groups.map(({ name }) => name),
      before,
      userIds,
    ),
  };
}

function assignNext(names: readonly string[], known: Ids, taken: Ids): Ids {
  // Without a prototype: `__proto__` is a name that useradd takes.
  const ids: Record<string, number> = Object.assign(Object.create(null), known);
  let next = Math.max(firstId - 1, ...Object.values(ids), ...Object.values(taken)) + 1;
  for (const name of names) {
    if (Object.hasOwn(ids, name)) continue;
    ids[name] = next;
    next += 1;
  }
  return ids;
}

/** The accounts of a machine: root, then its users in the order of the specification. */
export function listAccounts(
  { users, groups = [] }: Accounts,
  { userIds, groupIds = {} }: AccountIds,
): readonly Account[] {
  const groupsOf = (user: string): readonly LocalGroup[] =>
    groups.filter(({ members }) => members.includes(user)).map(({ name }) => ({ name, id: groupIds[name] as number }));
  const others = [...new Set(users)].filter((user) => user !== 'root');
  return [
    { name: 'root', id: 0, home: '/root', groups: groupsOf('root') },
    ...others.map((name) => ({ name, id: userIds[name] as number, home: `/home/${name}`, groups: groupsOf(name) })),
  ];
}

/** The text of passwd(5). */
export function formatPasswd(accounts: readonly Account[], shell: string): string {
  const lines = accounts.map(({ name, id, home }) => `${name}:x:${id}:${id}:${name}:${home}:${shell}`);
  return `${lines.join('\n')}\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`;
}

/** The text of group(5): each account's own group, then those of several. */
export function formatGroup(accounts: readonly Account[]): string {
  const own = accounts.map(({ name, id }) => `${name}:x:${id}:`);
  const groups = new Map(accounts.flatMap((account) => account.groups.map(({ name, id }) => [name, id] as const)));
  const shared = [...groups].map(([group, id]) => {
    const members = accounts.filter((account) => account.groups.some(({ name }) => name === group));
    return `${group}:x:${id}:${members.map(({ name }) => name).join()}`;
  });
  return `${[...own, ...shared].join('\n')}\ntty:x:5:\nnogroup:x:65534:\n`;
}

/** The text of shadow(5): nobody logs in with a password. */
export function formatShadow(accounts: readonly Account[]): string {
  return `${accounts.map(({ name }) => `${name}:*:::::::`).join('\n')}\nnobody:*:::::::\n`;
}
