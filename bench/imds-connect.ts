// Cached token answers a second with a new connection for each request, 32 at once, on a sandbox machine that an access control
// profile of 100 rules guards in Enforce; each connection's caller is looked up in the kernel's table, named, and recorded. The peer is
// the same Postern, whose machine has no profile: it too looks each caller up, as Postern does with a profile and without one, for
// its tokens and records name the user. What the look-up costs both is measured beside, against a Postern that is given the user and
// looks nobody up; that does not count for the ratio.

import { type Child, measureOf, measurePairs, median, type Pair, startChild, summarize } from './http/pairs.ts';
import type { MachineOrder, MachineReady } from './imds/machine-server.ts';

const goal = 0.6;
const connections = 32;

/** Measures; prints each round and ends with the median of the pairs' ratios. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, millis] = short ? [5, 300] : [20, 500];
  const children: Child[] = [];
  const start = async (order: MachineOrder) => {
    const server = startChild(new URL('imds/machine-server.ts', import.meta.url));
    children.push(server);
    const { inside, ...ready } = await server.ask<MachineReady>(order);
    const load = startChild(new URL('http/load.ts', import.meta.url), inside);
    children.unshift(load);
    return measureOf(server, ready, load, { connections, connectEach: true, millis });
  };
  try {
    const ours = await start({ guarded: true, caller: 'lookedUp' });
    const peer = await start({ guarded: false, caller: 'lookedUp' });
    const without = await start({ guarded: false, caller: 'given' });
    const ratio = summarize(await measurePairs(rounds, peer, ours));
    console.log('against a server that looks nobody up:');
    report(await measurePairs(Math.ceil(rounds / 4), without, ours));
    console.log(`imds-connect ratio=${ratio.toFixed(3)} goal=${goal.toFixed(2)}`);
  } finally {
    for (const child of children) child.stop();
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
