import { chmod, cp, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemAuthorities } from './authorities.ts';
import type { HostView } from './host-view.ts';
import { ownEtcFiles } from './mount-table.ts';
import { isOnDisk } from './places.ts';
import { certificateFiles, machineVariables } from './variables.ts';

/** The empty folders of every machine's root. `/mnt` is where the host's root is for an instant at each start. */
const folders = ['etc', 'root', 'home', 'var', 'tmp', 'run', 'proc', 'sys', 'mnt', 'srv', 'dev/pts', 'dev/shm'];

const links = {
  'dev/fd': '/proc/self/fd',
  'dev/stdin': '/proc/self/fd/0',
  'dev/stdout': '/proc/self/fd/1',
  'dev/stderr': '/proc/self/fd/2',
  'dev/ptmx': 'pts/ptmx',
  'etc/mtab': '/proc/self/mounts',
  'etc/pki/tls/certs/ca-bundle.crt': certificateFiles.bundle,
  'etc/ssl/ca-bundle.pem': certificateFiles.bundle,
  'etc/ssl/cert.pem': certificateFiles.bundle,
  'etc/postern/ca.pem': certificateFiles.bundle,
} as const;

/** What machines share of the host's `/etc`: nothing that names its users, its network or its secrets. */
const sharedEtc = [
  ...['alternatives', 'bash.bashrc', 'bashrc', 'crypto-policies', 'debian_version', 'gai.conf', 'host.conf', 'inputrc'],
  ...[
    'ld.so.cache',
    'ld.so.conf',
    'ld.so.conf.d',
    'locale.alias',
    'locale.conf',
    'localtime',
    'login.defs',
    'lsb-release',
  ],
  ...[
    'magic',
    'magic.mime',
    'mime.types',
    'os-release',
    'pam.d',
    'profile',
    'protocols',
    'security',
    'services',
    'shells',
  ],
  ...['skel', 'ssl/openssl.cnf', 'pki/tls/openssl.cnf', 'terminfo', 'timezone', 'xattr.conf'],
];

/** Names are looked up in the machine's own files alone (nsswitch.conf(5)). */
const nameService = 'passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n';

/**
 * Makes the folder that all machines have as their root, mounted read-only: the places where everything else is mounted,
 * and the part of `/etc` that is the same in each.
 */
export async function makeRootDirectory(root: string, view: HostView, authorityPem: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true, mode: 0o755 });
  await Promise.all(sharedEtc.map((name) => copyReadable(join('/etc', name), join(root, 'etc', name))));
  for (const [path, target] of Object.entries(links)) await link(join(root, path), target);
  for (const { path, target } of view.links) await link(root + path, target);
  const empty = [...view.devices, ...ownEtcFiles.map((name) => `/etc/${name}`), '/etc/resolv.conf'];
  for (const path of empty) await write(root + path, '');
  await write(join(root, 'etc/nsswitch.conf'), nameService);
  await write(join(root, 'etc/profile.d/postern.sh'), formatExports());
  await write(join(root, 'etc/environment'), formatAssignments());
  await writeAuthorities(root, authorityPem);
  for (const { path, kind } of view.shown.filter((shown) => !isOnDisk(shown.path))) {
    if (kind === 'file') await write(root + path, '');
    else await mkdir(root + path, { recursive: true });
  }
  await openToReaders(root);
}

/** Every user of a machine reads all of it, whatever the umask of our process. */
async function openToReaders(root: string): Promise<void> {
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
    else if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o644);
  }
}

/** Writes Postern's authority, alone and behind the host's; running machines see the new text at once. */
export async function writeAuthorities(root: string, authorityPem: string): Promise<void> {
  await write(root + certificateFiles.authority, `${authorityPem.trimEnd()}\n`);
  await write(root + certificateFiles.bundle, `${await systemAuthorities()}${authorityPem.trimEnd()}\n`);
}

function formatExports(): string {
  return Object.entries(machineVariables)
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join('');
}

function formatAssignments(): string {
  return Object.entries(machineVariables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Copies what every user of the host may read; what is absent or private stays absent. */
async function copyReadable(from: string, to: string): Promise<void> {
  const everyoneReads = async (path: string) => ((await stat(path).catch(() => undefined))?.mode ?? 0) & 0o004;
  if (!(await everyoneReads(from))) return;
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: async (path) => Boolean(await everyoneReads(path)),
  });
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o644 });
}
