import type { LocalUser } from '../../../core/access/caller.ts';

/** Finds a machine's user by its number; one without a name is called by the number. */
export type FindLocalUser = (uid: number) => LocalUser;

interface Entry {
  readonly name: string;
  readonly gid: string;
}

/**
 * Reads passwd(5) and group(5). Names are kept as they are written; of several entries with one number the first counts, as for
 * getpwuid(3). A group without a name is called by its number.
 */
export function parseLocalUsers(passwd: string, group: string): FindLocalUser {
  const entries = new Map<number, Entry>();
  for (const [name, , uid, gid] of linesOf(passwd)) {
    const number = parseId(uid);
    if (name && gid !== undefined && number !== undefined && !entries.has(number)) entries.set(number, { name, gid });
  }
  const groups = linesOf(group).filter(([name]) => name);
  const groupNames = new Map<string, string>();
  for (const [name = '', , gid = ''] of groups) if (!groupNames.has(gid)) groupNames.set(gid, name);
  const users = new Map<number, LocalUser>();
  return (uid) => {
    const user = users.get(uid) ?? nameUser(uid, entries.get(uid), groups, groupNames);
    users.set(uid, user);
    return user;
  };
}

function nameUser(
  uid: number,
  entry: Entry | undefined,
  groups: readonly (readonly string[])[],
  groupNames: ReadonlyMap<string, string>,
): LocalUser {
  if (entry === undefined) return { uid, userName: String(uid), groupNames: [] };
  const member = groups.filter(([, , , members = '']) => members.split(',').includes(entry.name));
  const names = [groupNames.get(entry.gid) ?? entry.gid, ...member.map(([name = '']) => name)];
  return { uid, userName: entry.name, groupNames: [...new Set(names)] };
}

function linesOf(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.split(':'));
}

function parseId(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
