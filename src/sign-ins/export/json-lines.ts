import { type FileHandle, open } from 'node:fs/promises';
import { formatSignInLine } from '../../core/sign-ins/format-line.ts';
import type { Positions } from './positions.ts';
import type { Sink } from './sink.ts';

/** Longer than any record's line. */
const tailBytes = 1 << 20;

/**
 * Appends records to a file, one line of JSON each. The file says itself how far it has come: a line that was cut off is taken away,
 * and the export goes on after the last whole one. A new file begins with the oldest record that is kept.
 */
export async function openFileSink(file: string): Promise<Sink> {
  const handle = await open(file, 'a+', 0o600);
  const position = await mend(handle);
  return {
    position: async () => position,
    async write(signIns) {
      await handle.appendFile(signIns.map((signIn) => `${formatSignInLine(signIn)}\n`).join(''));
      await handle.datasync();
    },
    close: () => handle.close(),
  };
}

/** Takes a half line away from the end; answers the number in the last whole one. */
async function mend(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const start = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, tailBytes)), { position: start });
  const tail = buffer.subarray(0, bytesRead);
  const end = tail.lastIndexOf(0x0a) + 1;
  if (start + end < size) await handle.truncate(start + end);
  return numberOf(tail.subarray(0, end).toString('utf8').trimEnd().split('\n').at(-1) ?? '');
}

function numberOf(line: string): number {
  try {
    const { number } = JSON.parse(line) as { readonly number?: unknown };
    return Number.isSafeInteger(number) ? Number(number) : 0;
  } catch {
    return 0;
  }
}

/** Writes records to a stream, one line of JSON each. */
export function streamSink(write: (text: string) => void, positions: Positions): Sink {
  return {
    position: () => positions.load(),
    async write(signIns) {
      write(signIns.map((signIn) => `${formatSignInLine(signIn)}\n`).join(''));
      await positions.save(signIns.at(-1)?.number ?? 0);
    },
    close: async () => undefined,
  };
}
