// How much of the machine's RS256 signing rate is left when whole tokens are made: claims gathered, encoded, signed, for an
// audience that was not asked for before. The peer is Node's asynchronous `crypto.sign` over as many bytes, 8 in flight.

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefusal } from '../src/core/refusal.ts';
import { openDirectory } from '../src/directory/directory.ts';
import { systemClock, systemRandom } from '../src/host/system.ts';
import { certificateMaker } from '../src/host/tls/certificate-maker.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { openTokenService } from '../src/sts/token-service.ts';

const inFlight = 8;
const goal = 0.75;
const machineId =
  '/subscriptions/6c4b7c0e-0000-4000-a000-000000000001/resourceGroups/bench/providers/Microsoft.Compute/virtualMachines/web-1';

/** Measures in turns, so that both sides meet the same machine; the median of the rounds' ratios counts. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-mint-'));
  const store = openSqliteStore({ file: join(folder, 'store.db') });
  try {
    const { mint, tokenBytes } = await openMint(store);
    const raw = rawSigner(tokenBytes);
    const roundMillis = short ? 300 : 1500;
    await measure(raw, roundMillis);
    await measure(mint, roundMillis);
    const rounds: { readonly raw: number; readonly mint: number }[] = [];
    for (let round = 0; round < (short ? 3 : 7); round++) {
      rounds.push({ raw: await measure(raw, roundMillis), mint: await measure(mint, roundMillis) });
    }
    report(rounds);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

async function openMint(store: ReturnType<typeof openSqliteStore>) {
  const ports = { store, clock: systemClock, random: systemRandom, certificates: certificateMaker };
  const directory = await openDirectory(ports);
  const { issuer } = await openTokenService({ ...ports, directory, origin: () => 'https://localhost:8443' });
  const { principal } = directory.planManagedIdentity({
    resourceId: machineId,
    displayName: 'web-1',
    isExplicit: false,
  });
  let audiences = 0;
  const mint = async () => {
    const resource = `https://vault-${audiences++}.vault.azure.net`;
    const token = await issuer.issueManagedIdentityToken({ principal, resource, identityResourceId: machineId });
    if (isRefusal(token)) throw new Error(token.message);
    return token.accessToken;
  };
  const token = await mint();
  return { mint, tokenBytes: token.lastIndexOf('.') };
}

function rawSigner(length: number): () => Promise<unknown> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const bytes = Buffer.alloc(length, 'a');
  return () =>
    new Promise((resolve, reject) => {
      sign('sha256', bytes, privateKey, (error, signature) => (error === null ? resolve(signature) : reject(error)));
    });
}

/** Completions per second with `inFlight` running at once. */
async function measure(work: () => Promise<unknown>, millis: number): Promise<number> {
  const start = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() - start < millis) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return done / ((performance.now() - start) / 1000);
}

function report(rounds: readonly { readonly raw: number; readonly mint: number }[]): void {
  for (const { raw, mint } of rounds) {
    console.log(`raw ${raw.toFixed(0)}/s  tokens ${mint.toFixed(0)}/s  ratio ${(mint / raw).toFixed(2)}`);
  }
  const ratios = rounds.map(({ raw, mint }) => mint / raw).sort((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)] ?? 0;
  console.log(`mint ratio=${median.toFixed(2)} goal=${goal.toFixed(2)}`);
}
