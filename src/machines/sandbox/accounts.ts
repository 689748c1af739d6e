/** A login account of a machine. */
export interface Account {
  readonly name: string;
  /** User id and group id. */
  readonly id: number;
  readonly home: string;
}

/** The first id of login users, as on Debian and Ubuntu. */
const firstUserId = 1000;

/** A name that is one word in passwd(5), a path segment, and accepted by useradd(8). */
const validName = /^[a-z_][a-z0-9_-]{0,31}$/i;

/** Whether a machine can have a user of this name. */
export function isUserName(name: string): boolean {
  return validName.test(name) && name !== 'nobody';
}

/** Gives each new user the next free id; a user keeps its id for ever, since files on the disk belong to it. */
export function assignUserIds(
  users: readonly string[],
  known: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  // Without a prototype: `__proto__` is a name that useradd takes.
  const ids: Record<string, number> = Object.assign(Object.create(null), known);
  let next = Math.max(firstUserId - 1, ...Object.values(ids)) + 1;
  for (const user of users) {
    if (user === 'root' || Object.hasOwn(ids, user)) continue;
    ids[user] = next;
    next += 1;
  }
  return ids;
}

/** The accounts of a machine: root, then its users in the order of the specification. */
export function listAccounts(users: readonly string[], ids: Readonly<Record<string, number>>): readonly Account[] {
  const others = [...new Set(users)].filter((user) => user !== 'root');
  return [
    { name: 'root', id: 0, home: '/root' },
    ...others.map((name) => ({ name, id: ids[name] as number, home: `/home/${name}` })),
  ];
}

/** The text of passwd(5). */
export function formatPasswd(accounts: readonly Account[], shell: string): string {
  const lines = accounts.map(({ name, id, home }) => `${name}:x:${id}:${id}:${name}:${home}:${shell}`);
  return `${lines.join('\n')}\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`;
}

/** The text of group(5). */
export function formatGroup(accounts: readonly Account[]): string {
  return `${accounts.map(({ name, id }) => `${name}:x:${id}:`).join('\n')}\ntty:x:5:\nnogroup:x:65534:\n`;
}

/** The text of shadow(5): nobody logs in with a password. */
export function formatShadow(accounts: readonly Account[]): string {
  return `${accounts.map(({ name }) => `${name}:*:::::::`).join('\n')}\nnobody:*:::::::\n`;
}
