import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';
import { formatEnd, formatKey, type HeldEnd, parseSocketTable } from './socket-table.ts';

/** Finds who holds the other end of an accepted connection; undefined when that is not certain. Never rejects. */
export interface PeerLookup {
  find(socket: Socket): Promise<HeldEnd | undefined>;
}

/** Reads one of the tables of the connections' network, `tcp` or `tcp6`. */
export type ReadTable = (name: 'tcp' | 'tcp6') => Promise<string>;

interface Question {
  readonly socket: Socket;
  readonly key: string;
  readonly answer: (end: HeldEnd | undefined) => void;
  tries: number;
}

/** A row can be missed while others come and go between two pieces of one read. */
const tries = 2;

/**
 * Looks connections up in the tables. A read walks the whole of the kernel's hash table, some milliseconds of it, so one at a
 * time runs and answers all that were asked before it began.
 */
export function peerLookup(readTable: ReadTable): PeerLookup {
  const order = endianness();
  let waiting: Question[] = [];
  let isReading = false;

  async function readAll(): Promise<void> {
    while (waiting.length > 0) {
      const questions = waiting;
      waiting = [];
      const left = await tableAnswers('tcp', questions);
      // A program may have opened an IPv6 socket and said ::ffff:169.254.169.254.
      for (const question of left.length === 0 ? left : await tableAnswers('tcp6', left)) askAgain(question);
    }
    isReading = false;
  }

  /** Answers those that are in the table; returns the others. */
  async function tableAnswers(name: 'tcp' | 'tcp6', questions: readonly Question[]): Promise<readonly Question[]> {
    const ends = await readTable(name).then(
      (text) => parseSocketTable(text, order),
      () => new Map<string, HeldEnd | undefined>(),
    );
    return questions.filter(({ socket, key, answer }) => {
      if (!ends.has(key) && isConnected(socket)) return true;
      answer(isConnected(socket) ? ends.get(key) : undefined);
      return false;
    });
  }

  function askAgain(question: Question): void {
    question.tries += 1;
    if (question.tries < tries) waiting.push(question);
    else question.answer(undefined);
  }

  function begin(): void {
    if (isReading) return;
    isReading = true;
    // Those that were accepted in this turn are all in one read.
    setImmediate(readAll);
  }

  return {
    find: (socket) =>
      new Promise((answer) => {
        const key = keyOf(socket, order);
        if (key === undefined) return answer(undefined);
        waiting.push({ socket, key, answer, tries: 0 });
        begin();
      }),
  };
}

/** The tables of the network namespace that a process is in. Read beside the event loop: a read takes milliseconds. */
export function networkTables(pid: number | 'self'): ReadTable {
  return (name) => readFile(`/proc/${pid}/net/${name}`, 'latin1');
}

/** The connection as its other end has it: what is remote to us is local there. */
function keyOf({ localAddress, localPort, remoteAddress, remotePort }: Socket, order: 'LE' | 'BE'): string | undefined {
  if (localPort === undefined || remotePort === undefined) return undefined;
  const local = formatEnd(remoteAddress ?? '', remotePort, order);
  const remote = formatEnd(localAddress ?? '', localPort, order);
  return local === undefined || remote === undefined ? undefined : formatKey({ local, remote });
}

/**
 * Whether the connection was not reset. INVARIANT: asked of the kernel after the table was read. While our end stands, nobody
 * else can have a connection by the same two addresses and ports, so that the row that was found is that of its other end.
 */
function isConnected(socket: Socket): boolean {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { getpeername(out: object): number } | null };
  return !socket.destroyed && handle != null && handle.getpeername({}) === 0;
}
