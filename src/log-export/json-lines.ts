import { type FileHandle, open } from 'node:fs/promises';
import type { ExportForm } from '../core/log-export/export-form.ts';
import type { Positions } from './positions.ts';
import type { Numbered, Sink } from './sink.ts';

/** A file of JSON lines, to which several logs may write. */
export interface LinesFile {
  sink<Entry extends Numbered>(form: ExportForm<Entry>): Sink<Entry>;
  close(): Promise<void>;
}

/** So much of a file is looked through at once. */
const pieceBytes = 1 << 20;

/**
 * Opens a file to which records are appended, one line of JSON each. The file says itself how far each log has come: a line that was
 * cut off is taken away, and the export goes on after the last whole one. A new file begins with the oldest record that is kept.
 */
export async function openLinesFile(file: string): Promise<LinesFile> {
  const handle = await open(file, 'a+', 0o600);
  const end = await mend(handle);
  let lane: Promise<unknown> = Promise.resolve();
  // One after the other: a long text is written in several pieces.
  const append = (text: string): Promise<void> => {
    const written = lane.then(async () => {
      await handle.appendFile(text);
      await handle.datasync();
    });
    lane = written.catch(() => undefined);
    return written;
  };
  return {
    sink: (form) => ({
      position: () => findLast(handle, end, form.event),
      write: (entries) => append(entries.map((entry) => `${form.formatLine(entry)}\n`).join('')),
    }),
    async close() {
      await lane;
      await handle.close();
    },
  };
}

/** Takes a half line away from the end; answers where the file ends now. */
async function mend(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - pieceBytes);
    const newline = (await readPiece(handle, start, end)).lastIndexOf(0x0a);
    end = start + newline + 1;
    if (newline >= 0) break;
  }
  if (end < size) await handle.truncate(end);
  return end;
}

/** The number in the last line of an event, from the end backwards; 0 where there is none. */
async function findLast(handle: FileHandle, size: number, event: string): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - pieceBytes);
    const piece = await readPiece(handle, start, end);
    const first = start === 0 ? 0 : piece.indexOf(0x0a) + 1;
    const number = lastNumberIn(piece.subarray(first), event);
    if (number > 0) return number;
    // The piece's first line began before it. One that is longer than a piece is passed over.
    end = first === 0 || start + first === end ? start : start + first;
  }
  return 0;
}

function lastNumberIn(lines: Buffer, event: string): number {
  const mark = `"event":${JSON.stringify(event)}`;
  for (let at = lines.lastIndexOf(mark); at >= 0; at = at === 0 ? -1 : lines.lastIndexOf(mark, at - 1)) {
    const newline = lines.indexOf(0x0a, at);
    const line = lines.subarray(lines.lastIndexOf(0x0a, at) + 1, newline < 0 ? lines.length : newline);
    const number = numberOf(line.toString('utf8'), event);
    if (number > 0) return number;
  }
  return 0;
}

function numberOf(line: string, event: string): number {
  try {
    const record = JSON.parse(line) as { readonly event?: unknown; readonly number?: unknown };
    return record.event === event && Number.isSafeInteger(record.number) ? Number(record.number) : 0;
  } catch {
    return 0;
  }
}

async function readPiece(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), { position: start });
  return buffer.subarray(0, bytesRead);
}

/** Writes records to a stream, one line of JSON each. */
export function streamSink<Entry extends Numbered>(
  write: (text: string) => void,
  form: ExportForm<Entry>,
  positions: Positions,
): Sink<Entry> {
  return {
    position: () => positions.load(),
    async write(entries) {
      write(entries.map((entry) => `${form.formatLine(entry)}\n`).join(''));
      await positions.save(entries.at(-1)?.number ?? 0);
    },
  };
}
