import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FindLocalUser, parseLocalUsers } from './local-users.ts';

/**
 * A machine's account files, read again when they have changed. They are read where the host wrote them, `{folder}/etc`, which
 * the machine shows read-only as its `/etc/passwd` and `/etc/group`: nothing that is done inside leads this reading elsewhere.
 */
export function accountFiles(folder: string): () => Promise<FindLocalUser> {
  const files = ['passwd', 'group'].map((name) => join(folder, 'etc', name));
  let known: { readonly version: string; readonly find: FindLocalUser } | undefined;
  return async () => {
    const version = files.map(versionOf).join(' ');
    if (known?.version === version) return known.find;
    const [passwd = '', group = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    known = { version, find: parseLocalUsers(passwd, group) };
    return known.find;
  };
}

/** At once: for each connection, handing this to a thread costs ten times as much as the look itself. */
function versionOf(file: string): string {
  const { ino, size, mtimeNs } = statSync(file, { bigint: true });
  return `${ino}/${size}/${mtimeNs}`;
}
