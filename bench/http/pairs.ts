// A server against a peer, each in a process of its own and asked in turn by a third, so that a change of the machine's load
// falls on both alike.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MachineEntry } from '../../src/core/ports/machine-host.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import type { ServerCost, ServerReady } from './serve.ts';

/** A child process that answers each message with one message; `inside`: run by this command, as on a machine. */
export function startChild(script: URL, inside?: MachineEntry) {
  const [execPath = '', ...execArgv] = inside === undefined ? [process.execPath] : [...inside.argv, process.execPath];
  const environment = inside === undefined ? {} : { env: inside.env };
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const child = fork(fileURLToPath(script), { stdio: [...stdio], execPath, execArgv, ...environment });
  let isLetGo = false;
  child.once('exit', (code) => {
    if (code !== 0 && !isLetGo) throw new Error(`${script} ended with status ${code}`);
  });
  return {
    ask<Reply>(message: object): Promise<Reply> {
      return new Promise((resolve) => {
        child.once('message', (reply) => resolve(reply as Reply));
        child.send(message);
      });
    },
    stop(): void {
      isLetGo = true;
      child.disconnect();
    },
  };
}

export type Child = ReturnType<typeof startChild>;

/** One server's round: `busy` is the share of the time for which its processor was at work, for it. */
export interface Round extends LoadResult {
  readonly busy: number;
  readonly cpuMicrosPerAnswer: number;
}

/** One round of each. */
export interface Pair {
  readonly peer: Round;
  readonly ours: Round;
}

/** Measures one round of a server. */
export type Measure = () => Promise<Round>;

/** How a server is measured: by so many connections at once, kept or not, for so long a round. */
export function measureOf(
  server: Child,
  ready: ServerReady,
  load: Child,
  how: Pick<LoadOrder, 'connections' | 'connectEach' | 'millis'>,
): Measure {
  return async () => {
    const before = await server.ask<ServerCost>({});
    const result = await load.ask<LoadResult>({ ...ready, ...how } satisfies LoadOrder);
    const after = await server.ask<ServerCost>({});
    const cpuMicros = after.cpuMicros - before.cpuMicros;
    const answers = (result.answersPerSecond * how.millis) / 1000;
    return { ...result, busy: cpuMicros / (how.millis * 1000), cpuMicrosPerAnswer: cpuMicros / answers };
  };
}

/** Measures one uncounted round of each, then pairs, printing each; which of the two goes first alternates. */
export async function measurePairs(rounds: number, peer: Measure, ours: Measure): Promise<readonly Pair[]> {
  await peer();
  await ours();
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const early = round % 2 === 0 ? await peer() : undefined;
    const measured = await ours();
    const pair = { ours: measured, peer: early ?? (await peer()) };
    pairs.push(pair);
    console.log(
      `round ${round + 1}: peer ${describe(pair.peer)}; ours ${describe(pair.ours)}; ratio ${ratioOf(pair).toFixed(3)}`,
    );
  }
  return pairs;
}

/** Prints what the rounds came to and answers the median of their ratios. */
export function summarize(pairs: readonly Pair[]): number {
  const rate = (side: keyof Pair) => Math.round(median(pairs.map((pair) => pair[side].answersPerSecond)));
  const cost = (side: keyof Pair) => median(pairs.map((pair) => pair[side].cpuMicrosPerAnswer)).toFixed(1);
  console.log(`answers/s ${rate('ours')}, peer ${rate('peer')} (medians of ${pairs.length} rounds)`);
  // Near 100 %: the servers were the limit. Well below: the load was, and the ratio says less.
  const busy = median(pairs.flatMap(({ ours, peer }) => [ours.busy, peer.busy]));
  console.log(`servers busy ${(busy * 100).toFixed(0)} % of the time`);
  console.log(`processor time an answer: ${cost('ours')} µs, peer ${cost('peer')} µs`);
  return median(pairs.map(ratioOf));
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function ratioOf({ peer, ours }: Pair): number {
  return ours.answersPerSecond / peer.answersPerSecond;
}

function describe({ answersPerSecond, p99Millis, busy }: Round): string {
  return `${Math.round(answersPerSecond)}/s p99 ${p99Millis.toFixed(2)} ms busy ${(busy * 100).toFixed(0)} %`;
}
