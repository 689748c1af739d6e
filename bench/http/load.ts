// The load generator of the benchmarks that serve HTTP, in a process of its own: each connection asks, waits for the whole
// answer and asks again, for as long as it was told to.

import { connect, type Socket } from 'node:net';

/** Whom to ask, by how many connections, for how long. */
export interface LoadOrder {
  readonly port: number;
  /** Asked for in turn by each connection. */
  readonly paths: readonly string[];
  /** Header lines beside Host, User-Agent, Accept and Connection. */
  readonly headers: readonly string[];
  readonly connections: number;
  readonly millis: number;
}

/** What came of it. */
export interface LoadResult {
  readonly answersPerSecond: number;
  readonly p99Millis: number;
}

process.on('message', async (order: LoadOrder) => process.send?.(await measure(order)));
process.once('disconnect', () => process.exit(0));

const common = ['Host: 127.0.0.1', 'User-Agent: bench', 'Accept: application/json', 'Connection: keep-alive'];

async function measure({ port, paths, headers, connections, millis }: LoadOrder): Promise<LoadResult> {
  const questions = paths.map((path) =>
    Buffer.from(`${[`GET ${path} HTTP/1.1`, ...common, ...headers].join('\r\n')}\r\n\r\n`),
  );
  const latencies: number[] = [];
  const started = performance.now();
  const rest = stayAwake();
  const asking = Array.from({ length: connections }, () => askUntil(started + millis, port, questions, latencies));
  await Promise.all(asking);
  rest();
  const seconds = (performance.now() - started) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  return { answersPerSecond: sorted.length / seconds, p99Millis: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

/**
 * Keeps this process from sleeping until the answer is called: waking it is work that falls on who answers it, the slower
 * server would wake it more often, and a machine of a data centre answers more than one client that sleeps in between.
 */
function stayAwake(): () => void {
  let awake = true;
  const turn = () => {
    if (awake) setImmediate(turn);
  };
  turn();
  return () => {
    awake = false;
  };
}

function askUntil(end: number, port: number, questions: readonly Buffer[], latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let asked = 0;
    let missing = 0;
    let next = 0;
    const ask = () => {
      asked = performance.now();
      socket.write(questions[next++ % questions.length] ?? '');
    };
    socket.once('connect', ask);
    socket.once('error', reject);
    socket.once('close', () => resolve());
    socket.on('data', (chunk) => {
      missing = missing === 0 ? lengthOf(chunk) - chunk.length : missing - chunk.length;
      if (missing < 0) reject(new Error('more came back than one answer'));
      if (missing !== 0) return;
      const now = performance.now();
      latencies.push(now - asked);
      if (now < end) ask();
      else socket.destroy();
    });
  });
}

/** The length of the whole answer that begins here. Its head comes in one piece: the servers write it so. */
function lengthOf(chunk: Buffer): number {
  const bodyAt = chunk.indexOf('\r\n\r\n') + 4;
  const head = chunk.toString('latin1', 0, bodyAt);
  const length = /\r\nContent-Length: (\d+)\r\n/i.exec(head)?.[1];
  if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) throw new Error(`no answer: ${head.slice(0, 80)}`);
  return bodyAt + Number(length);
}
