import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../src/core/ports/random.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { openDirectory } from '../../src/directory/directory.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

/** A clock that stands still until it is set. */
export interface SetClock {
  now(): EpochMillis;
  set(time: string): void;
  advance(seconds: number): void;
}

export function setClock(time = '2026-11-23T22:50:35.123Z'): SetClock {
  let millis = Date.parse(time);
  return {
    now: () => millis as EpochMillis,
    set: (next) => {
      millis = Date.parse(next);
    },
    advance: (seconds) => {
      millis += seconds * 1000;
    },
  };
}

/** The same "random" values in each run: the digests of a counter. */
export function countedRandom(): Random {
  let count = 0;
  const draw = () => createHash('sha512').update(String(count++)).digest();
  const bytes = (length: number) => {
    const drawn: Buffer[] = [];
    for (let have = 0; have < length; have += 64) drawn.push(draw());
    return Buffer.concat(drawn).subarray(0, length);
  };
  const uuid = () => {
    const hex = bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  return { uuid, bytes };
}

/** A directory over a store in a folder of its own; `reopen` opens both again, as a restart does. */
export async function openedDirectory() {
  const folder = mkdtempSync(join(tmpdir(), 'postern-directory-'));
  const file = join(folder, 'store.db');
  const clock = setClock();
  const random = countedRandom();
  let store = openSqliteStore({ file, random });
  const open = async () => ({ store, clock, random, directory: await openDirectory({ store, clock, random }) });
  return {
    ...(await open()),
    reopen: async () => {
      await store.close();
      store = openSqliteStore({ file, random });
      return open();
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
