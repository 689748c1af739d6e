// Cached token answers a second, 32 connections kept alive, against bare node:http sending the same bytes. Both servers run
// in processes of their own and are asked in turn by a third, so that a change of the machine's load falls on both alike.

import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { LoadOrder, LoadResult } from './imds/load.ts';
import type { ServerCost, ServerOrder, ServerReady } from './imds/server.ts';

const goal = 0.8;
const p99GoalMillis = 5;
const connections = 32;

/** A child process that answers each message with one message. */
function start(script: string) {
  const child = fork(join(import.meta.dirname, 'imds', script), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.once('exit', (code) => {
    if (code !== 0) throw new Error(`${script} ended with status ${code}`);
  });
  return {
    ask<Reply>(message: object): Promise<Reply> {
      return new Promise((resolve) => {
        child.once('message', (reply) => resolve(reply as Reply));
        child.send(message);
      });
    },
    stop: () => child.disconnect(),
  };
}

type Child = ReturnType<typeof start>;

/** Measures; prints each round and ends with the ratio of the medians' pairs. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, millis] = short ? [5, 300] : [40, 500];
  const children = { imds: start('server.ts'), bare: start('server.ts'), load: start('load.ts') };
  try {
    const imds = await children.imds.ask<ServerReady>({ kind: 'imds' } satisfies ServerOrder);
    const sample = await answerOf(imds.port, imds.path);
    const bare = await children.bare.ask<ServerReady>({ kind: 'bare', ...sample } satisfies ServerOrder);
    const measureBare = measureOf(children.bare, bare, children.load, millis);
    const measureImds = measureOf(children.imds, imds, children.load, millis);
    await measureBare();
    await measureImds();
    report(await measurePairs(rounds, measureBare, measureImds));
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
}

/** One server's round: `busy` is the share of the time for which its processor was at work, for it. */
interface Round extends LoadResult {
  readonly busy: number;
  readonly cpuMicrosPerAnswer: number;
}

interface Pair {
  readonly bare: Round;
  readonly imds: Round;
}

type Measure = () => Promise<Round>;

function measureOf(server: Child, ready: ServerReady, load: Child, millis: number): Measure {
  return async () => {
    const before = await server.ask<ServerCost>({});
    const result = await load.ask<LoadResult>({ ...ready, connections, millis } satisfies LoadOrder);
    const after = await server.ask<ServerCost>({});
    const cpuMicros = after.cpuMicros - before.cpuMicros;
    const answers = (result.answersPerSecond * millis) / 1000;
    return { ...result, busy: cpuMicros / (millis * 1000), cpuMicrosPerAnswer: cpuMicros / answers };
  };
}

/** Which of the two goes first alternates. */
async function measurePairs(rounds: number, measureBare: Measure, measureImds: Measure): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const early = round % 2 === 0 ? await measureBare() : undefined;
    const imds = await measureImds();
    const bare = early ?? (await measureBare());
    pairs.push({ bare, imds });
    console.log(
      `round ${round + 1}: bare ${describe(bare)}; imds ${describe(imds)}; ratio ${ratioOf({ bare, imds }).toFixed(3)}`,
    );
  }
  return pairs;
}

function report(pairs: readonly Pair[]): void {
  const p99 = median(pairs.map(({ imds }) => imds.p99Millis));
  const rate = median(pairs.map(({ imds }) => imds.answersPerSecond));
  const bareRate = median(pairs.map(({ bare }) => bare.answersPerSecond));
  const cost = (server: keyof Pair) => median(pairs.map((pair) => pair[server].cpuMicrosPerAnswer)).toFixed(1);
  const verdict = p99 < p99GoalMillis ? 'met' : 'missed';
  console.log(`answers/s ${Math.round(rate)}, bare ${Math.round(bareRate)} (medians of ${pairs.length} rounds)`);
  // Near 100 %: the servers were the limit. Well below: the load was, and the ratio says less.
  const busy = median(pairs.flatMap(({ imds, bare }) => [imds.busy, bare.busy]));
  console.log(`servers busy ${(busy * 100).toFixed(0)} % of the time`);
  console.log(`processor time an answer: ${cost('imds')} µs, bare ${cost('bare')} µs`);
  console.log(`p99 ${p99.toFixed(2)} ms, goal < ${p99GoalMillis} ms: ${verdict}`);
  console.log(`imds ratio=${median(pairs.map(ratioOf)).toFixed(3)} goal=${goal.toFixed(2)}`);
}

function ratioOf({ bare, imds }: Pair): number {
  return imds.answersPerSecond / bare.answersPerSecond;
}

function describe({ answersPerSecond, p99Millis, busy }: Round): string {
  return `${Math.round(answersPerSecond)}/s p99 ${p99Millis.toFixed(2)} ms busy ${(busy * 100).toFixed(0)} %`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** One answer of the metadata service: what the bare server is to send. */
async function answerOf(port: number, path: string): Promise<{ readonly head: string[]; readonly body: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Metadata: 'true' } });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`the metadata service answered ${response.status}: ${body}`);
  const names = ['Content-Type', 'Server', 'Content-Length'];
  return { head: names.flatMap((name) => [name, response.headers.get(name) ?? '']), body };
}
