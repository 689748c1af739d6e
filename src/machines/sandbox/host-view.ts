import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type HostMount, isWithin, parseMountInfo } from './mount-info.ts';

/** A folder or file of the host that machines show, read-only, at the same path. */
export interface ShownPath {
  readonly path: string;
  /** Where it really is: `path` without links. */
  readonly source: string;
  readonly kind: 'directory' | 'file';
}

/** What machines show of the host: decided once, the same for every machine. Everything else is not there inside. */
export interface HostView {
  /** The operating system's folders and the tools; none lies within another. */
  readonly shown: readonly ShownPath[];
  /** Top-level links such as `/bin -> usr/bin`. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly devices: readonly string[];
  /** What is masked within the shown folders. */
  readonly hidden: readonly string[];
  readonly shell: string;
  /** The tools' folders of programs, for the front of `PATH`. */
  readonly programFolders: readonly string[];
  /** The host's mounts, whose flags a rootless bind must keep. */
  readonly mounts: readonly HostMount[];
  /** Tools that were asked for and are not shown, each with the reason. */
  readonly omitted: readonly string[];
}

/** The operating system's own folders: present ones are shown, links are made anew. */
const systemFolders = [
  ...['/usr', '/opt', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix', '/gnu'],
  // Some hundred links, which take longer to copy than a machine to start.
  '/etc/alternatives',
];

/** Harmless devices: bound from the host, as a user namespace may not make any. */
const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** Memory inside a machine, where a file's place cannot be prepared. */
const memoryFolders = ['/tmp', '/run'];

/** What a machine has itself. */
const ownFolders = [...memoryFolders, '/dev', '/proc', '/sys', '/etc', '/root', '/home', '/var'];

/** Looks at the host. `toolPaths` that lie in a hidden path are not shown: what is hidden stays hidden. */
export function viewHost(toolPaths: readonly string[], hiddenPaths: readonly string[]): HostView {
  const hidden = hiddenPaths.filter((path) => existsSync(path)).map((path) => realpathSync(path));
  const tools = [...new Set([...toolPaths.map((path) => resolve(path)), dirname(process.execPath)])];
  const judged = tools.map((path) => ({ path, fault: faultOf(path, hidden) }));
  const usable = judged.filter(({ fault }) => fault === undefined).map(({ path }) => path);
  const system = systemFolders.filter((path) => existsSync(path) && !isLink(path));
  const shown = outermost([...system, ...usable]).map(describePath);
  return {
    shown,
    links: systemFolders.filter(isLink).map((path) => ({ path, target: readlinkSync(path) })),
    devices: devices.map((name) => `/dev/${name}`).filter((path) => existsSync(path)),
    hidden: outermost(shown.flatMap((folder) => masksWithin(folder, hidden))),
    shell: existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh',
    programFolders: [...new Set(usable.flatMap(programFoldersOf))],
    mounts: parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8')),
    omitted: judged.flatMap(({ path, fault }) => (fault === undefined ? [] : [`${path}: ${fault}`])),
  };
}

function describePath(path: string): ShownPath {
  return { path, source: realpathSync(path), kind: isFolder(path) ? 'directory' : 'file' };
}

/** Where hidden folders come to lie within a shown one. */
function masksWithin({ path, source }: ShownPath, hidden: readonly string[]): readonly string[] {
  return hidden
    .filter((folder) => folder !== source && isWithin(folder, source))
    .map((folder) => join(path, relative(source, folder)));
}

function faultOf(path: string, hidden: readonly string[]): string | undefined {
  if (!existsSync(path)) return 'it does not exist';
  if (hidden.some((folder) => isWithin(realpathSync(path), folder)))
    return 'it lies in a path that machines must not see';
  if (ownFolders.some((folder) => isWithin(folder, path))) return 'a machine has its own; name a folder within it';
  if (!isFolder(path) && memoryFolders.some((folder) => isWithin(path, folder))) {
    return 'a single file cannot be shown there; name its folder';
  }
  return undefined;
}

/** The paths that lie in no other of them. */
function outermost(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].filter((path) => !paths.some((other) => other !== path && isWithin(path, other)));
}

function programFoldersOf(path: string): readonly string[] {
  if (!isFolder(path)) return [dirname(path)];
  const within = ['bin', 'node_modules/.bin'].map((name) => join(path, name)).filter(isFolder);
  return within.length > 0 || !path.endsWith('bin') ? within : [path];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
