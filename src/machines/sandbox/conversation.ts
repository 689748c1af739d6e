import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Lines to and from a child process while it starts. */
export interface Conversation {
  /** The rest of the line that begins with `word`, when the child says it; throws when it ends instead. */
  hear(word: string): Promise<string>;
  /** Stops listening; the child runs on. */
  close(): void;
}

/** Follows a child's standard output. Its standard error becomes the message of the exception when it ends early. */
export function converse(child: ChildProcess): Conversation {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('The child must be started with pipes.');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const said: string[] = [];
  stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const ended = once(child, 'close').then(() => undefined);
  ended.catch(() => undefined);
  return {
    async hear(word) {
      const next = await lines.next();
      if (!next.done && next.value.startsWith(word)) return next.value.slice(word.length).trim();
      await ended;
      throw new Error(formatEnd(child, said.join('').trim()));
    },
    close() {
      stdout.destroy();
      stderr.destroy();
    },
  };
}

function formatEnd(child: ChildProcess, said: string): string {
  const end = child.signalCode ?? `status ${child.exitCode}`;
  return `${said === '' ? 'It said nothing' : said} (${end})`;
}
