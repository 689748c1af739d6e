import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemAuthorities } from './authorities.ts';
import { copyReadable, makeOpenFolder, openModes } from './copy-readable.ts';
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
  ...['bash.bashrc', 'bashrc', 'crypto-policies', 'debian_version', 'gai.conf', 'host.conf', 'inputrc'],
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
export function makeRootDirectory(root: string, view: HostView, authorityPem: string): void {
  rmSync(root, { recursive: true, force: true });
  for (const folder of folders) makeOpenFolder(join(root, folder));
  for (const name of sharedEtc) copyReadable(join('/etc', name), join(root, 'etc', name));
  for (const [path, target] of Object.entries(links)) link(join(root, path), target);
  for (const { path, target } of view.links) link(root + path, target);
  const empty = [...view.devices, ...ownEtcFiles.map((name) => `/etc/${name}`), '/etc/resolv.conf'];
  for (const path of empty) write(root + path, '');
  write(join(root, 'etc/nsswitch.conf'), nameService);
  write(join(root, 'etc/profile.d/postern.sh'), formatProfile(view.programFolders));
  write(
    join(root, 'etc/environment'),
    formatVariables((name, value) => `${name}=${value}\n`),
  );
  writeAuthorities(root, authorityPem);
  for (const { path, kind } of view.shown.filter((shown) => !isOnDisk(shown.path))) {
    if (kind === 'file') write(root + path, '');
    else makeOpenFolder(root + path);
  }
}

/** Writes Postern's authority, alone and behind the host's; running machines see the new text at once. */
export function writeAuthorities(root: string, authorityPem: string): void {
  write(root + certificateFiles.authority, `${authorityPem.trimEnd()}\n`);
  write(root + certificateFiles.bundle, `${systemAuthorities()}${authorityPem.trimEnd()}\n`);
}

/** For login shells: the host's `/etc/profile` sets `PATH` anew, and reads this after it. */
function formatProfile(programFolders: readonly string[]): string {
  const folders = programFolders.map((folder) => `'${folder.replaceAll("'", `'\\''`)}'`);
  return `${formatVariables((name, value) => `export ${name}=${value}\n`)}export PATH=${[...folders, '"$PATH"'].join(':')}\n`;
}

function formatVariables(line: (name: string, value: string) => string): string {
  return Object.entries(machineVariables)
    .map(([name, value]) => line(name, value))
    .join('');
}

function link(path: string, target: string): void {
  makeOpenFolder(dirname(path));
  symlinkSync(target, path);
}

function write(path: string, text: string): void {
  makeOpenFolder(dirname(path));
  writeFileSync(path, text);
  chmodSync(path, openModes.file);
}
