// Sign-in records durably written, whole: chained by hashes, encoded, in batches. The peer inserts the bytes of the same records, one
// row for each, in the same batches: one transaction for each batch, which waits for the disk on both sides. Every record is of a
// new token, so none may be written without waiting for the disk.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SignIn } from '../src/core/sign-ins/sign-in.ts';
import type { EpochMillis } from '../src/core/time.ts';
import { checkpointSigner } from '../src/host/sign-ins/checkpoint-key.ts';
import { systemClock, systemRandom } from '../src/host/system.ts';
import { makeAuthority } from '../src/host/tls/authority.ts';
import { openSignInLog, type SignInLog } from '../src/sign-ins/sign-in-log.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { median } from './http/pairs.ts';

const goal = 0.5;
/** Records that are asked for at once: connections of an IMDS under load. */
const batchSizes = [64, 16] as const;

/** Measures in turns, so that both meet the same disk; the worst of the medians of the rounds' ratios counts. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-log-'));
  try {
    const signer = checkpointSigner(await makeAuthority(systemClock, systemRandom));
    const store = openSqliteStore({ file: join(folder, 'store.db') });
    const log = openSignInLog({ store, clock: systemClock, signer });
    const raw = openRaw(join(folder, 'raw.db'));
    const [count, rounds] = short ? [4_000, 3] : [30_000, 7];
    const ratios = [];
    for (const size of batchSizes) ratios.push(await compare({ log, raw, size, count, rounds }));
    await log.close();
    await store.close();
    raw.close();
    console.log(`log ratio=${Math.min(...ratios).toFixed(2)} goal=${goal.toFixed(2)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Comparison {
  readonly log: SignInLog;
  readonly raw: RawTable;
  readonly size: number;
  readonly count: number;
  readonly rounds: number;
}

async function compare({ log, raw, size, count, rounds }: Comparison): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const batches = Array.from({ length: Math.ceil(count / size) }, () => Array.from({ length: size }, makeSignIn));
    const texts = batches.map((batch) => batch.map((signIn) => JSON.stringify(signIn)));
    const peer = rateOf(count, await timed(async () => raw.insertAll(texts)));
    const ours = rateOf(
      count,
      await timed(async () => {
        for (const batch of batches) await Promise.all(batch.map((signIn) => log.record(signIn)));
      }),
    );
    // The first round is not counted: the files grow, the code is compiled.
    if (round === 0) continue;
    ratios.push(ours / peer);
    console.log(
      `batches of ${size}: raw ${peer.toFixed(0)}/s  log ${ours.toFixed(0)}/s  ratio ${(ours / peer).toFixed(2)}`,
    );
  }
  return median(ratios);
}

function rateOf(count: number, millis: number): number {
  return (count / millis) * 1000;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** A table of texts that is written as the store's are. */
interface RawTable {
  /** One transaction for each batch. */
  insertAll(batches: readonly (readonly string[])[]): void;
  close(): void;
}

function openRaw(file: string): RawTable {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE records (number INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
  const insert = database.prepare('INSERT INTO records (body) VALUES (?)');
  return {
    insertAll(batches) {
      for (const texts of batches) {
        database.exec('BEGIN IMMEDIATE');
        for (const text of texts) insert.run(text);
        database.exec('COMMIT');
      }
    },
    close: () => database.close(),
  };
}

const machineResourceId =
  '/subscriptions/5e0b7b5c-0000-4000-8000-000000000001/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/web-1';

/** As the metadata service records one: everything but the caller's user is made anew for each request. */
function makeSignIn(): SignIn {
  return {
    time: Date.now() as EpochMillis,
    machineResourceId,
    user: { uid: 1000, userName: 'alice', groupNames: ['alice', 'deployers'] },
    identity: {
      principalId: machineResourceId.slice(15, 51),
      clientId: machineResourceId.slice(15, 51),
      resourceId: machineResourceId,
    },
    request: {
      path: '/metadata/identity/oauth2/token',
      query: { 'api-version': '2018-02-01', resource: 'https://management.azure.com/' },
    },
    outcome: 'issued',
    access: { mode: 'Enforce', decision: 'Allow', rule: "role 'deployers' by privilege 'arm-tokens'" },
    uti: randomUUID().slice(0, 22),
    clientRequestId: randomUUID(),
  };
}
