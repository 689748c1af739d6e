import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Modes of what everyone reads, whatever the umask of our process. */
export const openModes = { directory: 0o755, file: 0o644 } as const;

/**
 * Copies what every user of the host may read, links as links; what is absent or private stays absent. Synchronous: it is
 * a few hundred small files, once, and each waited for by itself takes ten times as long.
 */
export function copyReadable(from: string, to: string): void {
  const stats = lstatSync(from, { throwIfNoEntry: false });
  if (stats === undefined) return;
  makeOpenFolder(dirname(to));
  copyEntry(from, to, stats);
}

/** Makes a folder, and those above it, that everyone may read. */
export function makeOpenFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: openModes.directory });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) chmodSync(made, openModes.directory);
}

function copyEntry(from: string, to: string, stats: Stats): void {
  if (stats.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if ((stats.mode & 0o004) === 0) return;
  else if (stats.isFile()) copyOpenFile(from, to);
  else if (stats.isDirectory()) copyFolder(from, to);
}

function copyFolder(from: string, to: string): void {
  makeOpenFolder(to);
  for (const name of readdirSync(from)) copyEntry(join(from, name), join(to, name), lstatSync(join(from, name)));
}

function copyOpenFile(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, openModes.file);
}
