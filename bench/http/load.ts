// The load generator of the benchmarks that serve HTTP, in a process of its own: each connection asks, waits for the whole
// answer and asks again, for as long as it was told to.

import { connect, type Socket } from 'node:net';

/** Whom to ask, by how many connections, for how long. */
export interface LoadOrder {
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  /** Asked for in turn by each connection. */
  readonly paths: readonly string[];
  /** Header lines beside Host, User-Agent, Accept and Connection. */
  readonly headers: readonly string[];
  readonly connections: number;
  /** Asks by a new connection each time, which is closed once it was answered, rather than by one that is kept. */
  readonly connectEach?: boolean;
  readonly millis: number;
}

/** Where a server listens. */
type Door = Readonly<Required<Pick<LoadOrder, 'host' | 'port'>>>;

/** What came of it. */
export interface LoadResult {
  readonly answersPerSecond: number;
  readonly p99Millis: number;
}

process.on('message', async (order: LoadOrder) => process.send?.(await measure(order)));
process.once('disconnect', () => process.exit(0));

const common = ['Host: 127.0.0.1', 'User-Agent: bench', 'Accept: application/json', 'Connection: keep-alive'];

async function measure({
  host = '127.0.0.1',
  port,
  paths,
  headers,
  connections,
  connectEach = false,
  millis,
}: LoadOrder): Promise<LoadResult> {
  const questions = paths.map((path) =>
    Buffer.from(`${[`GET ${path} HTTP/1.1`, ...common, ...headers].join('\r\n')}\r\n\r\n`),
  );
  const latencies: number[] = [];
  const started = performance.now();
  const rest = stayAwake();
  const ask = connectEach ? askEachUntil : askUntil;
  const asking = Array.from({ length: connections }, () => ask(started + millis, { host, port }, questions, latencies));
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

/** By one connection, which asks again once it was answered. */
function askUntil(end: number, door: Door, questions: readonly Buffer[], latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = 0;
    let next = 0;
    const ask = () => {
      asked = performance.now();
      socket.write(questions[next++ % questions.length] ?? '');
    };
    const socket = connectTo(door, ask, reject, () => {
      const now = performance.now();
      latencies.push(now - asked);
      if (now < end) ask();
      else socket.destroy();
    });
    socket.once('close', () => resolve());
  });
}

/** By one connection after another, each of which is closed once it was answered. */
async function askEachUntil(end: number, door: Door, questions: readonly Buffer[], latencies: number[]): Promise<void> {
  for (let next = 0; performance.now() < end; next += 1) {
    const asked = performance.now();
    await askOnce(door, questions[next % questions.length] ?? Buffer.of());
    latencies.push(performance.now() - asked);
  }
}

function askOnce(door: Door, question: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(
      door,
      () => socket.write(question),
      reject,
      () => {
        socket.destroy();
        resolve();
      },
    );
  });
}

/** Connects; calls `onAnswer` after each whole answer. */
function connectTo(door: Door, onConnect: () => void, onError: (error: Error) => void, onAnswer: () => void): Socket {
  const socket = connect({ ...door, noDelay: true });
  let missing = 0;
  socket.once('connect', onConnect);
  socket.once('error', onError);
  socket.on('data', (chunk) => {
    missing = missing === 0 ? lengthOf(chunk) - chunk.length : missing - chunk.length;
    if (missing < 0) onError(new Error('more came back than one answer'));
    else if (missing === 0) onAnswer();
  });
  return socket;
}

/** The length of the whole answer that begins here. Its head comes in one piece: the servers write it so. */
function lengthOf(chunk: Buffer): number {
  const bodyAt = chunk.indexOf('\r\n\r\n') + 4;
  const head = chunk.toString('latin1', 0, bodyAt);
  const length = /\r\nContent-Length: (\d+)\r\n/i.exec(head)?.[1];
  if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) throw new Error(`no answer: ${head.slice(0, 80)}`);
  return bodyAt + Number(length);
}
