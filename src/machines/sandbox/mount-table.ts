import type { HostView, ShownPath } from './host-view.ts';
import { type IdMap, idOutside } from './id-map.ts';
import { type HostMount, mountOptionsAt, mountsBelow } from './mount-info.ts';

/** A line of fstab(5). `target` is a path of the machine. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly type: 'none' | 'tmpfs' | 'proc' | 'devpts';
  readonly options: readonly string[];
}

/** The files of a machine's own in `/etc`; the rest of `/etc` is the same for all machines. */
export const ownEtcFiles = ['passwd', 'group', 'shadow', 'hosts', 'hostname'] as const;

/** The folders of a machine's disk: they last until the machine is deleted. */
export const diskFolders = ['root', 'home', 'var'] as const;

const readOnly = ['ro', 'nosuid', 'nodev'];
const writable = ['rw', 'nosuid', 'nodev'];

/**
 * Everything that a machine's processes see, outer mounts first. INVARIANT: nothing of the host is writable inside, and
 * the mounts belong to a user namespace above the machine's, so that root inside can lift none of them.
 */
export function listMounts(of: { view: HostView; root: string; folder: string; map: IdMap }): readonly Mount[] {
  const { view, root, folder, map } = of;
  return [
    { source: root, target: '/', type: 'none', options: ['bind', ...readOnly] },
    ...ownEtcFiles.map((name) => bind(`${folder}/etc/${name}`, `/etc/${name}`, readOnly)),
    ...diskFolders.map((name) => bind(`${folder}/disk/${name}`, `/${name}`, writable)),
    ...memoryMounts(idOutside(map, 0)),
    ...view.devices.map((path) => bind(path, path, ['nosuid', 'noexec'])),
    ...view.shown.flatMap((shown) => showPath(shown, view.mounts)),
    ...view.hidden.map((path) => memory(path, ['ro', 'mode=755', 'size=4k'])),
  ];
}

/** The text for `mount --all --fstab`, the machine's root being at `root`. */
export function formatFstab(mounts: readonly Mount[], root: string): string {
  const lines = mounts.map(({ source, target, type, options }) =>
    [escapePath(source), escapePath(target === '/' ? root : root + target), type, options.join(','), '0', '0'].join(
      ' ',
    ),
  );
  return `${lines.join('\n')}\n`;
}

function memoryMounts(owner: number): readonly Mount[] {
  return [
    memory('/tmp', ['mode=1777', 'size=1g']),
    memory('/run', ['mode=755', 'size=64m', `uid=${owner}`, `gid=${owner}`]),
    memory('/dev/shm', ['mode=1777', 'size=256m']),
    {
      source: 'devpts',
      target: '/dev/pts',
      type: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=620'],
    },
    { source: 'proc', target: '/proc', type: 'proc', options: ['nosuid', 'nodev', 'noexec'] },
  ];
}

function memory(target: string, options: readonly string[]): Mount {
  return { source: 'tmpfs', target, type: 'tmpfs', options: ['nosuid', 'nodev', ...options] };
}

function bind(source: string, target: string, options: readonly string[]): Mount {
  return { source, target, type: 'none', options: ['bind', ...options] };
}

/** A read-only remount covers the outermost mount alone, so each mount below is bound over itself, read-only too. */
function showPath({ path, source, kind }: ShownPath, mounts: readonly HostMount[]): readonly Mount[] {
  const below = kind === 'file' ? [] : mountsBelow(mounts, source).map((mount) => mount.path);
  return [source, ...below].map((from) => {
    const target = path + from.slice(source.length);
    const how = [
      kind === 'file' ? 'bind' : 'rbind',
      ...readOnly,
      ...keptFlags(mounts, from),
      ...makeTarget(target, kind),
    ];
    return { source: from, target, type: 'none', options: how };
  });
}

/** In a user namespace a remount may not lift `noexec` (mount_namespaces(7), "Restrictions on mount namespaces"). */
function keptFlags(mounts: readonly HostMount[], path: string): readonly string[] {
  return mountOptionsAt(mounts, path).filter((option) => option === 'noexec');
}

/** Under the empty `/tmp` and `/run` a folder's place is made as it is mounted; elsewhere it was made before. */
function makeTarget(path: string, kind: ShownPath['kind']): readonly string[] {
  return kind === 'directory' && /^\/(tmp|run)\//.test(path) ? ['X-mount.mkdir=0755'] : [];
}

/** fstab(5) separates by white space and takes `#` for a comment. */
function escapePath(path: string): string {
  return path.replace(/[\s\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
