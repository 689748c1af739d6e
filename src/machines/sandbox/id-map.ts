import { createHash } from 'node:crypto';

/** A block of a user's subordinate ids: `start`, `start + 1` … `start + count - 1`. */
export interface IdBlock {
  readonly start: number;
  readonly count: number;
}

/**
 * How a machine's user ids become the host's.
 * - `shifted` (we are root): id n inside is `base + n` outside, an id that nobody on the host has.
 * - `range` (rootless, with newuidmap): root inside is the host's user, n is the n-th of its subordinate ids.
 * - `single` (rootless, without): root inside is the host's user and there is no other id.
 */
export type IdMap =
  | { readonly kind: 'shifted'; readonly base: number }
  | {
      readonly kind: 'range';
      readonly hostUid: number;
      readonly hostGid: number;
      readonly uids: IdBlock;
      readonly gids: IdBlock;
    }
  | { readonly kind: 'single'; readonly hostUid: number; readonly hostGid: number };

/** How many ids a machine has where we may choose: 16 bits, as `nobody` is 65534. */
export const idsPerMachine = 65_536;

/** The first of the shifted blocks: above login users, below the 2^31 that some programs take for negative. */
const firstBase = 0x1000_0000;
const blocks = 0x4000;

/** The first host id of a machine's block: the same at each start, as the files on its disk belong to it. Our own choice. */
export function shiftedBase(vmId: string): number {
  const slot = createHash('sha256').update(vmId).digest().readUInt16BE(0) % blocks;
  return firstBase + slot * idsPerMachine;
}

/** Whether the machine has the id. */
export function hasId(map: IdMap, id: number): boolean {
  return id < idCount(map);
}

/** What an id of the machine is called where its disk is prepared: among the host's ids as root, else among its own. */
export function idOutside(map: IdMap, id: number): number {
  if (map.kind === 'shifted') return map.base + id;
  return map.kind === 'range' ? id : 0;
}

/** The way back: which user of the machine the host's id is; undefined for one that is none of the machine's. */
export function userInside(map: IdMap, hostUid: number): number | undefined {
  if (map.kind !== 'shifted' && hostUid === map.hostUid) return 0;
  if (map.kind === 'single') return undefined;
  const [first, start] = map.kind === 'shifted' ? [0, map.base] : [1, map.uids.start];
  const id = hostUid - start + first;
  return id >= first && hasId(map, id) ? id : undefined;
}

/**
 * The text for `uid_map` and `gid_map` of the machine's user namespace. A line may not reach over two lines of the map
 * above it, and a range has two: root's and the others' (user_namespaces(7)).
 */
export function formatMachineMap(map: IdMap): string {
  if (map.kind === 'shifted') return `0 ${map.base} ${idCount(map)}`;
  return map.kind === 'range' ? `0 0 1\n1 1 ${idCount(map) - 1}` : '0 0 1';
}

function idCount(map: IdMap): number {
  if (map.kind === 'shifted') return idsPerMachine;
  return map.kind === 'range' ? Math.min(map.uids.count + 1, map.gids.count + 1, idsPerMachine) : 1;
}
