import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Each program that machines need, with the package (Debian's name) that brings it. */
const packages = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  mount: 'mount',
  umount: 'mount',
  pivot_root: 'util-linux',
  ip: 'iproute2',
  hostname: 'hostname',
  sh: 'dash',
  env: 'coreutils',
  cat: 'coreutils',
  install: 'coreutils',
  rm: 'coreutils',
  chown: 'coreutils',
} as const;

/** Where the programs are, as absolute paths. */
export type Programs = Readonly<Record<keyof typeof packages, string>>;

/** The only folders that are searched: what runs as root is never taken from the caller's `PATH`. */
export const systemPath = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/run/current-system/sw/bin'];

/** Finds the programs, or says of each missing one how to get it. */
export function findPrograms(folders: readonly string[] = systemPath): Programs | { readonly missing: string[] } {
  const names = Object.keys(packages) as (keyof typeof packages)[];
  const found = names.map((name) => [name, findProgram(name, folders)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => formatMissing(name));
  return missing.length > 0 ? { missing } : (Object.fromEntries(found) as Programs);
}

/** The absolute path of a program, if it is installed. */
export function findProgram(name: string, folders: readonly string[] = systemPath): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function formatMissing(name: keyof typeof packages): string {
  return `The program '${name}' is not installed. Install the package '${packages[name]}' (apt-get install ${packages[name]}).`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
