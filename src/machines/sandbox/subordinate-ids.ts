import { type IdBlock, idsPerMachine } from './id-map.ts';

/** Fewer would leave no id for the first login user, 1000. */
const fewest = 1024;

/** SUB_UID_MIN of login.defs(5). */
const firstFree = 100_000;

/**
 * The largest block that subuid(5) text (`name:start:count`, or the number in place of the name) gives to a user;
 * undefined when none is large enough for a machine.
 */
export function parseSubordinateIds(text: string, userName: string, uid: number): IdBlock | undefined {
  return linesOf(text)
    .filter(([owner]) => owner === userName || owner === String(uid))
    .map(([, start, count]) => ({ start: Number(start), count: Number(count) }))
    .filter(({ start, count }) => Number.isSafeInteger(start) && count >= fewest)
    .toSorted((a, b) => b.count - a.count)[0];
}

/** A block for another user: behind all that the texts give away, where `useradd` begins. */
export function findFreeIds(...texts: readonly string[]): IdBlock {
  const ends = texts.flatMap(linesOf).map(([, start, count]) => Number(start) + Number(count));
  return { start: Math.max(firstFree, ...ends.filter(Number.isSafeInteger)), count: idsPerMachine };
}

function linesOf(text: string): readonly string[][] {
  return text.split('\n').map((line) => line.trim().split(':'));
}
