import type { EpochMillis } from '../time.ts';
import { managedIdentityLifetimeSeconds } from './lifetime.ts';

// When signing keys come and go. A key is published before it signs, so that nobody who keeps a key set meets a token that it
// cannot verify, and stays published until the last token that it signed has ended.

/** A signing key as the schedule sees it. */
export interface ScheduledKey {
  readonly kid: string;
  readonly createdAt: EpochMillis;
  /** From then on it signs, until a later key does. */
  readonly signsFrom: EpochMillis;
}

/** How long key sets may be kept: the `max-age` with which they are answered. */
export const keySetMaxAgeSeconds = 86_400;

/** A new key is published for so long before it signs: as long as a key set may be kept. */
export const publishAheadMillis = keySetMaxAgeSeconds * 1000;

/** The longest that a token is good for, with room for clocks that go wrong: so long a key outlives its last signature. */
export const outliveMillis = (managedIdentityLifetimeSeconds + 300) * 1000;

/** How long a key signs before another follows it, where nothing else is said. */
export const defaultKeyDays = 90;

/** What a key is there for at a time: `next` is published and waits, `signing` signs, `previous` verifies what it has signed. */
export type KeyState = 'next' | 'signing' | 'previous';

/** The key that signs now: the latest of those that may; before any may, the earliest. Undefined without keys. */
export function signingKeyAt<Key extends ScheduledKey>(keys: readonly Key[], now: EpochMillis): Key | undefined {
  const ordered = inOrder(keys);
  return ordered.findLast(({ signsFrom }) => signsFrom <= now) ?? ordered[0];
}

/** What a key is there for. */
export function stateOf(key: ScheduledKey, keys: readonly ScheduledKey[], now: EpochMillis): KeyState {
  const signing = signingKeyAt(keys, now);
  if (signing?.kid === key.kid) return 'signing';
  return key.signsFrom > now ? 'next' : 'previous';
}

/** When a key goes: after the last token that it signed has ended. Undefined while no other key follows it. */
export function removalOf(key: ScheduledKey, keys: readonly ScheduledKey[]): EpochMillis | undefined {
  const ordered = inOrder(keys);
  const follower = ordered[ordered.findIndex(({ kid }) => kid === key.kid) + 1];
  return follower === undefined ? undefined : ((follower.signsFrom + outliveMillis) as EpochMillis);
}

/** What has to be done with the keys now. */
export interface KeyTasks {
  /** When a key that has to be made now is to sign from. */
  readonly make?: EpochMillis;
  /** The keys that nothing needs any more. */
  readonly remove: readonly string[];
}

/** What the schedule asks for: the next key, one publishing lead before the present one is `maxAgeMillis` old; and the end of old ones. */
export function dueTasks(keys: readonly ScheduledKey[], now: EpochMillis, maxAgeMillis: number): KeyTasks {
  const latest = inOrder(keys).at(-1);
  const remove = keys.filter((key) => (removalOf(key, keys) ?? Number.POSITIVE_INFINITY) <= now);
  const tasks = { remove: remove.map(({ kid }) => kid) };
  if (latest === undefined) return { ...tasks, make: now };
  const followsAt = latest.signsFrom + maxAgeMillis;
  if (followsAt - publishAheadMillis > now) return tasks;
  return { ...tasks, make: Math.max(followsAt, now + publishAheadMillis) as EpochMillis };
}

/** In the order in which they sign. */
export function inOrder<Key extends ScheduledKey>(keys: readonly Key[]): readonly Key[] {
  return keys.toSorted((a, b) => a.signsFrom - b.signsFrom || a.createdAt - b.createdAt || (a.kid < b.kid ? -1 : 1));
}
