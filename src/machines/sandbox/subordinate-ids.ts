import type { IdBlock } from './id-map.ts';

/** Fewer would leave no id for the first login user, 1000. */
const fewest = 1024;

/**
 * The largest block that subuid(5) text (`name:start:count`, or the number in place of the name) gives to a user;
 * undefined when none is large enough for a machine.
 */
export function parseSubordinateIds(text: string, userName: string | undefined, uid: number): IdBlock | undefined {
  return text
    .split('\n')
    .map((line) => line.trim().split(':'))
    .filter(([owner]) => owner === userName || owner === String(uid))
    .map(([, start, count]) => ({ start: Number(start), count: Number(count) }))
    .filter(({ start, count }) => Number.isSafeInteger(start) && count >= fewest)
    .toSorted((a, b) => b.count - a.count)[0];
}
