import type { Readable } from 'node:stream';

/** The end of a stream that may be endless. */
export interface Tail {
  /** What is kept so far, as text. */
  text(): string;
  /** Keeps no more of what comes; it is read and dropped, so that who writes goes on. */
  letGo(): void;
}

/** Between two reads of a stream: whoever prints without end is slowed down, and does not keep the process busy. */
const pauseMillis = 1;

/** Reads a stream to its end and keeps its last `limit` bytes. */
export function keepTail(stream: Readable, limit: number): Tail {
  let kept = Buffer.alloc(0);
  let keeping = true;
  stream.on('error', () => stream.destroy());
  stream.on('data', (chunk: Buffer) => {
    if (keeping) kept = join(kept, chunk, limit);
    stream.pause();
    setTimeout(() => stream.resume(), pauseMillis).unref();
  });
  return {
    text: () => kept.subarray(firstCharacter(kept)).toString('utf8'),
    letGo() {
      keeping = false;
    },
  };
}

/** A copy: a slice of a chunk would keep the whole chunk. */
function join(kept: Buffer, chunk: Buffer, limit: number): Buffer<ArrayBuffer> {
  const before = Math.max(0, limit - chunk.length);
  return Buffer.concat([kept.subarray(Math.max(0, kept.length - before)), chunk.subarray(-limit)]);
}

/** Where the first whole character begins: the cut may lie within one (RFC 3629 section 3). */
function firstCharacter(bytes: Buffer): number {
  const at = bytes.subarray(0, 4).findIndex((byte) => (byte & 0xc0) !== 0x80);
  return Math.max(0, at);
}
