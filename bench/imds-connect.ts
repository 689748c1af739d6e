// Cached token answers a second with a new connection for each request, 32 at once, from a machine that an access control profile of
// 100 rules guards in Enforce. The peer is the same Postern, whose machine has no profile. Both look up for each connection who asks, in
// the kernel's table of connections, as Postern does with a profile and without one: its tokens and records name the user.
// What that look-up costs both is measured beside, against a Postern that is given the user and looks nothing up. It does not
// count for the ratio.

import { measureOf, measurePairs, median, type Pair, startChild, summarize } from './http/pairs.ts';
import type { ServerReady } from './http/serve.ts';
import type { ImdsOrder } from './imds/server.ts';

const goal = 0.6;
const connections = 32;

/** Measures; prints each round and ends with the median of the pairs' ratios. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, millis] = short ? [5, 300] : [20, 500];
  const start = () => startChild(new URL('imds/server.ts', import.meta.url));
  const children = {
    guarded: start(),
    open: start(),
    given: start(),
    load: startChild(new URL('http/load.ts', import.meta.url)),
  };
  const measure = async (name: 'guarded' | 'open' | 'given', order: ImdsOrder) => {
    const ready = await children[name].ask<ServerReady>(order);
    return measureOf(children[name], ready, children.load, { connections, connectEach: true, millis });
  };
  try {
    const ours = await measure('guarded', { guarded: true, caller: 'lookedUp' });
    const peer = await measure('open', { guarded: false, caller: 'lookedUp' });
    const without = await measure('given', { guarded: false, caller: 'given' });
    const ratio = summarize(await measurePairs(rounds, peer, ours));
    console.log('against a server that looks nobody up:');
    report(await measurePairs(Math.ceil(rounds / 4), without, ours));
    console.log(`imds-connect ratio=${ratio.toFixed(3)} goal=${goal.toFixed(2)}`);
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
}

/** What looking up costs: of the rate, and in the time until an answer. */
function report(pairs: readonly Pair[]): void {
  const of = (side: keyof Pair) => median(pairs.map((pair) => pair[side].answersPerSecond));
  const [ours, without] = [of('ours'), of('peer')];
  console.log(
    `answers/s ${ours.toFixed(0)}, without looking up ${without.toFixed(0)}: ${(ours / without).toFixed(3)} of it`,
  );
}
