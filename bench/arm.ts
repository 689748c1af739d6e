// GET of a machine through the whole front door (token verified, RBAC decided, document read from SQLite), 32 connections
// kept alive, against bare node:http sending the same bytes.

import type { BareOrder } from './http/bare.ts';
import { measureOf, measurePairs, startChild, summarize } from './http/pairs.ts';
import { takeSamples } from './http/sample.ts';
import type { ServerReady } from './http/serve.ts';

const goal = 0.5;
const connections = 32;

/** Measures; prints each round and ends with the median of the pairs' ratios. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, millis] = short ? [5, 300] : [30, 500];
  const children = {
    arm: startChild(new URL('arm/server.ts', import.meta.url)),
    bare: startChild(new URL('http/bare.ts', import.meta.url)),
    load: startChild(new URL('http/load.ts', import.meta.url)),
  };
  try {
    const arm = await children.arm.ask<ServerReady>({});
    const samples = await takeSamples(arm);
    const bare = await children.bare.ask<ServerReady>({ samples, stringify: false } satisfies BareOrder);
    const how = { connections, millis };
    const peer = measureOf(children.bare, bare, children.load, how);
    const ratio = summarize(await measurePairs(rounds, peer, measureOf(children.arm, arm, children.load, how)));
    console.log(`arm ratio=${ratio.toFixed(3)} goal=${goal.toFixed(2)}`);
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
}
