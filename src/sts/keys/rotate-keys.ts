import type { Write } from '../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import { dueTasks, type KeyState, publishAheadMillis, removalOf, stateOf } from '../../core/token/key-schedule.ts';
import type { KeyRing, KeyRingPorts } from './key-ring.ts';
import { formatSigningKey, makeSigningKey, type SigningKey, signingKeyDocument } from './signing-key.ts';

/** A signing key as its operator sees it. */
export interface KeyView {
  readonly kid: string;
  readonly state: KeyState;
  readonly createdAt: EpochMillis;
  readonly signsFrom: EpochMillis;
  /** When it goes; undefined while no other key follows it. */
  readonly removedAt?: EpochMillis;
}

/** How a rotation is asked for. */
export interface RotationRequest {
  /** The new key signs at once: consumers that keep a key set must ask again for a `kid` that they do not know. */
  readonly now?: boolean;
  /** And the other keys go at once, with every token that they have signed: for a key that somebody else may have. */
  readonly revoke?: boolean;
}

/** What changes the keys. */
export interface KeyRotation {
  /** The latest first. */
  keys(): readonly KeyView[];
  /**
   * Makes the next key, or with `now` makes the one that waits sign at once. Answers it. Refuses `Conflict` while one waits and
   * nothing more is asked than that one should.
   */
  rotate(request: RotationRequest): Promise<KeyView | Refusal>;
  /** Does what the schedule asks for. Answers the keys that came and went, by `kid`. */
  tend(): Promise<{ readonly made: readonly string[]; readonly removed: readonly string[] }>;
}

/** Opens the rotation of a ring's keys; `maxAgeMillis` is how long one signs. */
export function openKeyRotation(ring: KeyRing, ports: KeyRingPorts, maxAgeMillis: number): KeyRotation {
  const { store, clock, random, certificates } = ports;
  const view = (key: SigningKey) => showKey(key, ring.all(), clock.now());
  const make = (signsFrom: EpochMillis) => makeSigningKey(clock.now(), random, certificates, signsFrom);
  return {
    keys: () => ring.all().map(view),
    rotate: async ({ now = false, revoke = false }) => {
      const next = await planNext(ring, { at: clock.now(), atOnce: now || revoke }, make);
      if (isRefusal(next)) return next;
      const others = ring.all().filter(({ kid }) => kid !== next.kid);
      await store.transact([writeOf(next), ...(revoke ? others.map(removeOf) : [])]);
      return view(next);
    },
    tend: async () => {
      const due = dueTasks(ring.all(), clock.now(), maxAgeMillis);
      const made = due.make === undefined ? [] : [await make(due.make)];
      const removed = ring.all().filter(({ kid }) => due.remove.includes(kid));
      const writes = [...made.map(writeOf), ...removed.map(removeOf)];
      if (writes.length > 0) await store.transact(writes);
      return { made: made.map(({ kid }) => kid), removed: removed.map(({ kid }) => kid) };
    },
  };
}

async function planNext(
  ring: KeyRing,
  { at, atOnce }: { readonly at: EpochMillis; readonly atOnce: boolean },
  make: (signsFrom: EpochMillis) => Promise<SigningKey>,
): Promise<SigningKey | Refusal> {
  const waiting = ring.all().find(({ signsFrom }) => signsFrom > at);
  if (waiting === undefined) return make((atOnce ? at : at + publishAheadMillis) as EpochMillis);
  if (atOnce) return { ...waiting, signsFrom: at };
  return refuse(
    'Conflict',
    `The key '${waiting.kid}' is published already and signs from ${new Date(waiting.signsFrom).toISOString()}. To let it sign at once, add --now.`,
  );
}

function showKey(key: SigningKey, keys: readonly SigningKey[], now: EpochMillis): KeyView {
  const { kid, createdAt, signsFrom } = key;
  const removedAt = removalOf(key, keys);
  const state = stateOf(key, keys, now);
  return { kid, state, createdAt, signsFrom, ...(removedAt === undefined ? {} : { removedAt }) };
}

function writeOf(key: SigningKey): Write {
  return { put: signingKeyDocument(key.kid), body: formatSigningKey(key) };
}

function removeOf({ kid }: SigningKey): Write {
  return { remove: signingKeyDocument(kid) };
}
