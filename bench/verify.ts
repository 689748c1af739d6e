// Tokens by assertion through the token endpoint's whole path: the form read, the assertion verified, its single use made durable
// where it is one by certificate, the token made, signed and answered. The peer is Node's asynchronous RS256 verification and one
// RS256 signature over as many bytes. 8 in flight on both sides.

import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { openTokenEndpoint, type Proof, type TokenEndpoint } from './verify/token-endpoint.ts';

const inFlight = 8;
const goal = 0.6;
const proofs = ['certificate', 'federated'] as const;

/** Completions a second, of one round. */
type Round = Readonly<Record<Proof | 'raw', number>>;

/** Measures in turns, so that all meet the same machine; the worse of the two medians of the rounds' ratios counts. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const endpoint = await openTokenEndpoint();
  try {
    const [count, roundCount] = short ? [400, 3] : [2000, 7];
    const raw = await rawPeer(endpoint);
    await measureRound(endpoint, raw, count);
    const rounds: Round[] = [];
    for (let round = 0; round < roundCount; round++) rounds.push(await measureRound(endpoint, raw, count));
    report(rounds);
  } finally {
    await endpoint.close();
  }
}

async function measureRound(endpoint: TokenEndpoint, raw: () => Promise<unknown>, count: number): Promise<Round> {
  const rate = { raw: await measure(Array(count).fill(undefined), raw), certificate: 0, federated: 0 };
  for (const proof of proofs) rate[proof] = await measure(await endpoint.prepare(proof, count), endpoint.present);
  return rate;
}

/** As many bytes verified as an assertion has, and as many signed as the token has that it buys. */
async function rawPeer(endpoint: TokenEndpoint): Promise<() => Promise<unknown>> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [first] = await endpoint.prepare('certificate', 1);
  if (first === undefined) throw new Error('no request was made');
  const { access_token: token } = (await (await endpoint.present(first)).json()) as { access_token: string };
  const verified = Buffer.alloc(first.assertion.lastIndexOf('.'), 'a');
  const signed = Buffer.alloc(token.lastIndexOf('.'), 'a');
  const signature = sign('sha256', verified, privateKey);
  return () =>
    new Promise((resolve, reject) => {
      verify('sha256', verified, publicKey, signature, (failed, holds) => {
        if (failed !== null || !holds) return reject(failed ?? new Error('the signature does not hold'));
        sign('sha256', signed, privateKey, (error, made) => (error === null ? resolve(made) : reject(error)));
      });
    });
}

/** Completions a second over all items, `inFlight` at once. */
async function measure<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++] as Item);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return items.length / ((performance.now() - start) / 1000);
}

function report(rounds: readonly Round[]): void {
  for (const { raw, certificate, federated } of rounds) {
    const rate = (value: number) => `${value.toFixed(0)}/s (${(value / raw).toFixed(2)})`;
    console.log(`raw ${raw.toFixed(0)}/s  certificate ${rate(certificate)}  federated ${rate(federated)}`);
  }
  const medians = proofs.map((proof) => median(rounds.map((round) => round[proof] / round.raw)));
  console.log(
    `certificate ${medians[0]?.toFixed(2)}, federated ${medians[1]?.toFixed(2)} (medians of ${rounds.length})`,
  );
  console.log(`verify ratio=${Math.min(...medians).toFixed(2)} goal=${goal.toFixed(2)}`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
