// Cached token answers a second with a new connection for each request, 32 at once, on a sandbox machine that an access control
// profile of 100 rules guards in Enforce; each connection's caller is looked up in the kernel's table, named, and recorded. The peer is
// the same Postern, whose machine has no profile: it too looks each caller up, as Postern does with a profile and without one, for
// its tokens and records name the user. So that the look-up does not hide in both, a second peer is a Postern on
// loopback that has no profile, is given the user and looks nobody up. The worse of the two ratios counts.

import { type Child, measureOf, measurePairs, startChild, summarize } from './http/pairs.ts';
import type { ServerReady } from './http/serve.ts';
import type { MachineOrder, MachineReady } from './imds/machine-server.ts';
import type { ImdsOrder } from './imds/server.ts';

const goal = 0.6;
const connections = 32;

/** Measures; prints each round and ends with the worse of the medians of the pairs' ratios. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, millis] = short ? [5, 300] : [20, 500];
  const children: Child[] = [];
  const start = async (script: string, order: object) => {
    const server = startChild(new URL(script, import.meta.url));
    children.push(server);
    const { inside, ...ready } = await server.ask<ServerReady & Partial<Pick<MachineReady, 'inside'>>>(order);
    const load = startChild(new URL('http/load.ts', import.meta.url), inside);
    children.unshift(load);
    return measureOf(server, ready, load, { connections, connectEach: true, millis });
  };
  const startMachine = (order: MachineOrder) => start('imds/machine-server.ts', order);
  try {
    const ours = await startMachine({ guarded: true });
    const peer = await startMachine({ guarded: false });
    const without = await start('imds/server.ts', { guarded: false, caller: 'given' } satisfies ImdsOrder);
    const ratio = summarize(await measurePairs(rounds, peer, ours));
    console.log('against a server that looks nobody up:');
    const worse = Math.min(ratio, summarize(await measurePairs(rounds, without, ours)));
    console.log(`imds-connect ratio=${worse.toFixed(3)} goal=${goal.toFixed(2)}`);
  } finally {
    for (const child of children) child.stop();
  }
}
