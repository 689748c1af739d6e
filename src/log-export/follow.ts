// Telling others what the logs record: as lines of JSON in a file or on standard output, and to a collector of OpenTelemetry's. What a
// record says there is decided in `core`, by each log's own form.

import { ExportFailure, type Numbered, type Sink } from './sink.ts';

/** A log that can be followed. */
export interface FollowedLog<Entry extends Numbered> {
  /** The records after a number, oldest first: some, or none at the end. */
  readAfter(number: number): Promise<readonly Entry[]>;
  /** Where the log ends: no record has a greater number. */
  head(): Promise<Numbered>;
  /** Brings to the disk what is written. */
  settle(): Promise<void>;
  /** Calls `listener` after each write. Returns how to stop. */
  watch(listener: () => void): () => void;
}

/** What following the log needs. */
export interface FollowPorts<Entry extends Numbered> {
  readonly log: FollowedLog<Entry>;
  readonly sink: Sink<Entry>;
  /** How long more records are waited for before those that came are offered. */
  readonly gatherMillis: number;
  /** Is told of each offer that was not taken. */
  readonly onFailure: (error: Error) => void;
  /** Waits; default by a timer. Ends early when the signal says so. */
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<void>;
}

/** The wait after the first offer that was not taken; it doubles with each further one. */
const firstRetryMillis = 1000;
const longestRetryMillis = 60_000;

/**
 * Exports records as they are written, from where the sink ended. Nothing is queued: what waits is in the log, so that an export
 * which is behind costs no memory and loses nothing that the log still has. Answers how to stop, after one last offer.
 */
export function follow<Entry extends Numbered>({
  log,
  sink,
  gatherMillis,
  onFailure,
  pause = pauseByTimer,
}: FollowPorts<Entry>): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let wake: () => void = () => undefined;
  const unwatch = log.watch(() => wake());

  const run = async (): Promise<void> => {
    let position = await startAt(log, sink, onFailure);
    let retryMillis = firstRetryMillis;
    for (;;) {
      const isLast = signal.aborted;
      const grown = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        position = await offerAll(log, sink, position);
        retryMillis = firstRetryMillis;
      } catch (error) {
        onFailure(error instanceof Error ? error : new Error(String(error)));
        if (isLast) return;
        const asked = error instanceof ExportFailure ? error.retryAfterMillis : undefined;
        await pause(Math.min(asked ?? retryMillis, longestRetryMillis), signal);
        retryMillis = Math.min(retryMillis * 2, longestRetryMillis);
        continue;
      }
      if (isLast) return;
      await Promise.race([grown, aborted(signal)]);
      await pause(gatherMillis, signal);
    }
  };

  const ended = run().catch(onFailure);
  return async () => {
    unwatch();
    stopping.abort();
    await ended;
  };
}

/** Where the sink ended; where that is beyond the log's end, the log is not the one that it was, and its end is where to go on. */
async function startAt<Entry extends Numbered>(
  log: FollowedLog<Entry>,
  sink: Sink<Entry>,
  onFailure: (error: Error) => void,
): Promise<number> {
  const [position, head] = await Promise.all([sink.position(), log.head()]);
  if (position <= head.number) return position;
  onFailure(new Error(`record ${position} was exported, and the log ends with ${head.number}: it was taken back`));
  return head.number;
}

/** Offers all that there is; answers the number of the last one. */
async function offerAll<Entry extends Numbered>(
  log: FollowedLog<Entry>,
  sink: Sink<Entry>,
  start: number,
): Promise<number> {
  for (let position = start; ; ) {
    const entries: readonly Entry[] = await log.readAfter(position);
    const last = entries.at(-1);
    if (last === undefined) return position;
    // What others are told of must not be gone, and its number another's, after a failure of the power.
    await log.settle();
    await sink.write(entries);
    position = last.number;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function pauseByTimer(millis: number, signal: AbortSignal): Promise<void> {
  if (millis === 0 || signal.aborted) return;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis).unref();
  });
  await Promise.race([over, aborted(signal)]);
  clearTimeout(timer);
}
