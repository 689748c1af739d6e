// Cached token answers a second from a machine that an access control profile of 100 rules guards in Enforce, 32 connections kept
// alive. The peer is the same Postern, whose machine has no profile. Both find out for each connection who asks and record each
// hand-over durably.

import { measureOf, measurePairs, startChild, summarize } from './http/pairs.ts';
import type { ServerReady } from './http/serve.ts';
import type { ImdsOrder } from './imds/server.ts';

const goal = 0.9;
const connections = 32;

/** Measures; prints each round and ends with the median of the pairs' ratios. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, millis] = short ? [5, 300] : [40, 500];
  const children = {
    guarded: startChild(new URL('imds/server.ts', import.meta.url)),
    open: startChild(new URL('imds/server.ts', import.meta.url)),
    load: startChild(new URL('http/load.ts', import.meta.url)),
  };
  try {
    const guarded = await children.guarded.ask<ServerReady>({ guarded: true, caller: 'lookedUp' } satisfies ImdsOrder);
    const open = await children.open.ask<ServerReady>({ guarded: false, caller: 'lookedUp' } satisfies ImdsOrder);
    const how = { connections, millis };
    const peer = measureOf(children.open, open, children.load, how);
    const ours = measureOf(children.guarded, guarded, children.load, how);
    const ratio = summarize(await measurePairs(rounds, peer, ours));
    console.log(`imds-guarded ratio=${ratio.toFixed(3)} goal=${goal.toFixed(2)}`);
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
}
