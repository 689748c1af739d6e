// A list of 10,000 machines, page by page as a client follows it, against bare node:http that sends `JSON.stringify` of the
// same pages. Four clients at once.

import type { BareOrder } from './http/bare.ts';
import { measureOf, measurePairs, startChild, summarize } from './http/pairs.ts';
import { takeSamples } from './http/sample.ts';
import type { ServerReady } from './http/serve.ts';

const goal = 0.4;
const connections = 4;

/** Measures; prints each round and ends with the median of the pairs' ratios. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, millis] = short ? [3, 1000] : [12, 2000];
  const children = {
    list: startChild(new URL('list/server.ts', import.meta.url)),
    bare: startChild(new URL('http/bare.ts', import.meta.url)),
    load: startChild(new URL('http/load.ts', import.meta.url)),
  };
  try {
    const list = await children.list.ask<ServerReady>({});
    const samples = await takeSamples(list);
    console.log(`${samples.length} pages, ${samples.reduce((sum, { body }) => sum + body.length, 0)} characters`);
    const bare = await children.bare.ask<ServerReady>({ samples, stringify: true } satisfies BareOrder);
    const how = { connections, millis };
    const peer = measureOf(children.bare, bare, children.load, how);
    const ratio = summarize(await measurePairs(rounds, peer, measureOf(children.list, list, children.load, how)));
    console.log(`list ratio=${ratio.toFixed(3)} goal=${goal.toFixed(2)}`);
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
}
