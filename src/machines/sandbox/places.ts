import { dirname } from 'node:path';
import type { Account } from './accounts.ts';
import type { ShownPath } from './host-view.ts';
import { hasId, type IdMap, idOutside } from './id-map.ts';
import { diskFolders } from './mount-table.ts';

/** A folder or empty file on a machine's disk that must be there before the machine starts. */
export interface Place {
  /** All that is in a `home` belongs to its owner, also where it was made while the machine had no id but root's. */
  readonly kind: 'directory' | 'home' | 'file';
  readonly mode: string;
  /** User and group id, as `idOutside` calls it. */
  readonly owner: number;
  /** Relative to the disk. */
  readonly path: string;
}

/** The disk's places, outer ones first: system folders, homes, and where tools are shown within them. */
export function listPlaces(map: IdMap, accounts: readonly Account[], shown: readonly ShownPath[]): readonly Place[] {
  const root = idOutside(map, 0);
  const folder = (path: string, mode: string, owner = root): Place => ({ kind: 'directory', mode, owner, path });
  return [
    // Every user must pass through to a tool that is shown there.
    folder('root', shown.some(({ path }) => path.startsWith('/root/')) ? '711' : '700'),
    folder('home', '755'),
    ...['var', 'var/cache', 'var/lib', 'var/log'].map((path) => folder(path, '755')),
    folder('var/tmp', '1777'),
    ...accounts.slice(1).map((account) => homePlace(map, account)),
    ...shown.filter(({ path }) => isOnDisk(path)).flatMap((tool) => toolPlaces(tool, root)),
  ];
}

/** The lines that the builder reads: `kind mode owner path`. */
export function formatPlaces(places: readonly Place[], disk: string): string {
  return places.map(({ kind, mode, owner, path }) => `${kind} ${mode} ${owner} ${disk}/${path}\n`).join('');
}

/** Whether a path lies on the machine's own disk. */
export function isOnDisk(path: string): boolean {
  return diskFolders.some((name) => path.startsWith(`/${name}/`));
}

function homePlace(map: IdMap, { name, id }: Account): Place {
  return { kind: 'home', mode: '750', owner: idOutside(map, hasId(map, id) ? id : 0), path: `home/${name}` };
}

function toolPlaces({ path, kind }: ShownPath, owner: number): readonly Place[] {
  const parents: Place[] = [];
  for (let parent = dirname(path); isOnDisk(parent); parent = dirname(parent)) {
    parents.unshift({ kind: 'directory', mode: '755', owner, path: parent.slice(1) });
  }
  return [...parents, { kind, mode: kind === 'directory' ? '755' : '644', owner, path: path.slice(1) }];
}
