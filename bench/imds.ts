// Cached token answers a second of a whole Postern, each to a caller who is known and with its durable record, 32 connections kept
// alive, against bare node:http sending the same bytes.

import type { BareOrder } from './http/bare.ts';
import { measureOf, measurePairs, median, startChild, summarize } from './http/pairs.ts';
import { takeSamples } from './http/sample.ts';
import type { ServerReady } from './http/serve.ts';
import type { ImdsOrder } from './imds/server.ts';

const goal = 0.8;
const p99GoalMillis = 5;
const connections = 32;

/** Measures; prints each round and ends with the ratio of the medians' pairs. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, millis] = short ? [5, 300] : [40, 500];
  const children = {
    imds: startChild(new URL('imds/server.ts', import.meta.url)),
    bare: startChild(new URL('http/bare.ts', import.meta.url)),
    load: startChild(new URL('http/load.ts', import.meta.url)),
  };
  try {
    const imds = await children.imds.ask<ServerReady>({ guarded: false, caller: 'lookedUp' } satisfies ImdsOrder);
    const samples = await takeSamples(imds);
    const bare = await children.bare.ask<ServerReady>({ samples, stringify: false } satisfies BareOrder);
    const how = { connections, millis };
    const peer = measureOf(children.bare, bare, children.load, how);
    const pairs = await measurePairs(rounds, peer, measureOf(children.imds, imds, children.load, how));
    const ratio = summarize(pairs);
    const p99 = median(pairs.map(({ ours }) => ours.p99Millis));
    console.log(`p99 ${p99.toFixed(2)} ms, goal < ${p99GoalMillis} ms: ${p99 < p99GoalMillis ? 'met' : 'missed'}`);
    console.log(`imds ratio=${ratio.toFixed(3)} goal=${goal.toFixed(2)}`);
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
}
