import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Verification, verifyLog } from '../../sign-ins/verify.ts';
import { lockDataDirectory } from '../../store/sqlite/data-directory-lock.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { dataPaths } from '../configuration.ts';
import { dataDirectoryTaken } from '../taken.ts';
import { checkpointVerifier } from './checkpoint-key.ts';

/** What a data directory's log is held against. */
export interface OfflineWitnesses {
  /** The authority's certificate as PEM, kept elsewhere; default the data directory's own. */
  readonly authority?: string | undefined;
  readonly exported?: ReadonlyMap<number, string>;
}

/** Verifies the sign-in log of a data directory on which no Postern runs; undefined where there is none. Throws `HostTaken`. */
export async function verifyDataDir(root: string, witnesses: OfflineWitnesses = {}): Promise<Verification | undefined> {
  const paths = dataPaths(root);
  if (!existsSync(paths.store)) return undefined;
  const lock = lockDataDirectory(root);
  if ('heldByPid' in lock) throw dataDirectoryTaken(root, lock.heldByPid);
  const store = openSqliteStore({ file: paths.store });
  try {
    const authority = witnesses.authority ?? (await readFile(join(paths.tls, 'ca.pem'), 'utf8'));
    const { exported = new Map() } = witnesses;
    return await verifyLog(store, { verifier: checkpointVerifier([authority]), exported });
  } finally {
    await store.close();
    lock.release();
  }
}
