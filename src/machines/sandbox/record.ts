import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IdMap } from './id-map.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What lasts of a machine beside its disk, in `machine.json`. */
export interface MachineRecord {
  readonly resourceId: string;
  readonly vmId: string;
  /** Every login user that the machine ever had, with its id. */
  readonly userIds: Readonly<Record<string, number>>;
  /** Every group that the machine ever had beside its users' own, with its id. */
  readonly groupIds?: Readonly<Record<string, number>>;
  /** How its ids became the host's when it was started last. */
  readonly mapKind?: IdMap['kind'];
  /** The machine's processes when it was started last: what a next start must find gone. */
  readonly processes: readonly ProcessIdentity[];
}

const fileName = 'machine.json';

/** Writes a record whole or not at all. */
export async function writeRecord(folder: string, record: MachineRecord): Promise<void> {
  const file = join(folder, fileName);
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The records of all machines that have a folder. */
export async function readRecords(stateDir: string): Promise<readonly MachineRecord[]> {
  const folders = await readdir(stateDir);
  const texts = await Promise.all(folders.map((name) => readOptional(join(stateDir, name, fileName))));
  return texts.filter((text) => text !== undefined).map((text) => JSON.parse(text) as MachineRecord);
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
