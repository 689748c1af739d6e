// The peer: bare node:http in a process of its own, which sends what it was given.

import { createServer } from 'node:http';
import type { Sample } from './sample.ts';
import { serveOrders } from './serve.ts';

/** What to send for which path. `stringify`: each time from the parsed JSON, rather than the same bytes again. */
export interface BareOrder {
  readonly samples: readonly Sample[];
  readonly stringify: boolean;
}

serveOrders(({ samples, stringify }: BareOrder) => {
  const answers = new Map(samples.map(({ path, ...sample }) => [path, { ...sample, json: JSON.parse(sample.body) }]));
  const server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '');
    if (answer === undefined) throw new Error(`${request.url} was not among the samples`);
    response.writeHead(200, [...answer.head]);
    response.end(stringify ? JSON.stringify(answer.json) : answer.body);
  });
  return { server, paths: samples.map(({ path }) => path), headers: [] };
});
