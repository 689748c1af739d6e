import type { CertificateMaker } from '../../core/ports/certificate-maker.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Change, Store } from '../../core/ports/store.ts';
import { inOrder, signingKeyAt } from '../../core/token/key-schedule.ts';
import {
  formatSigningKey,
  makeSigningKey,
  parseSigningKey,
  type SigningKey,
  signingKeyDocument,
  signingKeysRoot,
} from './signing-key.ts';

/** The keys whose tokens are good, and the one that signs new ones. Kept in the store across restarts. */
export interface KeyRing {
  /** The key that signs now. */
  current(): SigningKey;
  find(kid: string): SigningKey | undefined;
  /** The one that signs last comes first. */
  all(): readonly SigningKey[];
}

/** What the ring needs. */
export interface KeyRingPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly certificates: CertificateMaker;
}

/** Opens the store's ring, making its first key when it has none. Follows keys that others add or take away. */
export async function openKeyRing(ports: KeyRingPorts): Promise<KeyRing> {
  const keys = new Map<string, SigningKey>();
  ports.store.watch((changes) => {
    for (const change of changes) follow(keys, change);
  });
  for (const document of await ports.store.list(signingKeysRoot)) add(keys, parseSigningKey(document.body));
  if (keys.size === 0) await makeFirst(ports, keys);
  return openRing(keys, ports.clock);
}

function openRing(keys: ReadonlyMap<string, SigningKey>, clock: Clock): KeyRing {
  const all = () => inOrder([...keys.values()]).toReversed();
  return {
    all,
    find: (kid) => keys.get(kid),
    current: () => {
      const [only] = keys.values();
      const signing = keys.size === 1 ? only : signingKeyAt([...keys.values()], clock.now());
      if (signing === undefined) throw new Error('the key ring is empty: its last key has been deleted from the store');
      return signing;
    },
  };
}

async function makeFirst({ store, clock, random, certificates }: KeyRingPorts, keys: Map<string, SigningKey>) {
  const key = await makeSigningKey(clock.now(), random, certificates);
  await store.transact([{ put: signingKeyDocument(key.kid), body: formatSigningKey(key) }]);
  add(keys, key);
}

function add(keys: Map<string, SigningKey>, key: SigningKey): void {
  keys.set(key.kid, key);
}

function follow(keys: Map<string, SigningKey>, { key, before, after }: Change): void {
  if (!key.startsWith(`${signingKeysRoot}/`)) return;
  if (after !== undefined) add(keys, parseSigningKey(after.body));
  else if (before !== undefined) keys.delete(parseSigningKey(before.body).kid);
}
