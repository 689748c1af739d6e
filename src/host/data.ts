import { chmodSync, mkdirSync } from 'node:fs';
import type { Store } from '../core/ports/store.ts';
import { lockDataDirectory } from '../store/sqlite/data-directory-lock.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Configuration } from './configuration.ts';
import type { Closing } from './stop.ts';
import { dataDirectoryTaken } from './taken.ts';

/** Takes the data directory for this process and opens its store. Throws `HostTaken` when another process has it. */
export function openData({ paths, random }: Configuration, closing: Closing): Store {
  mkdirSync(paths.root, { recursive: true, mode: 0o700 });
  const lock = lockDataDirectory(paths.root);
  if ('heldByPid' in lock) throw dataDirectoryTaken(paths.root, lock.heldByPid);
  closing.add('data directory', () => lock.release());
  chmodSync(paths.root, 0o700);
  const store = openSqliteStore({ file: paths.store, random });
  closing.add('store', () => store.close());
  return store;
}
