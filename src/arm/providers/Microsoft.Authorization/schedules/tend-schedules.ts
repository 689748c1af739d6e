import { type DocumentKey, documentKey, typeOfKey } from '../../../../core/ports/store.ts';
import { nextEdge, type Schedule } from '../../../../core/schedules/schedule.ts';
import type { EdgeContext } from './advance.ts';
import { scheduleTypes } from './schedule-documents.ts';

/** Calls back once, after so many milliseconds; answers how to stop that. */
export type Timer = (callback: () => void, millis: number) => () => void;

/** How long the clock is trusted to go on as it went: somebody may set it. */
export const longestWaitMillis = 1_000;

/** What tending needs beside the provider's context. */
export interface Tending {
  readonly context: EdgeContext;
  readonly timer: Timer;
  /** Where broken I/O is told. It is tried again. */
  readonly report: (error: unknown) => void;
}

/** Schedules that are tended. */
export interface TendedSchedules {
  /** Resolves when everything that is due by now has been made real. */
  settled(): Promise<void>;
  close(): void;
}

/**
 * Makes the begins and ends of schedules real when they fall due: those that fell due while nobody tended at once, in the order of
 * their times. It follows the store, so that it knows of every schedule, and the clock, whichever way that is set.
 */
export async function tendSchedules({ context, timer, report }: Tending): Promise<TendedSchedules> {
  const { store, clock } = context;
  const due = new Map<DocumentKey, number>();
  let cancel = (): void => undefined;
  let working: Promise<void> = Promise.resolve();
  let closed = false;

  const note = (key: DocumentKey, body: { readonly schedule?: unknown } | undefined) => {
    const at = body === undefined ? undefined : nextEdge(body.schedule as Schedule)?.at;
    if (at === undefined) due.delete(key);
    else due.set(key, at);
  };
  const arm = () => {
    cancel();
    cancel = () => undefined;
    if (closed || due.size === 0) return;
    const next = earliest(due.values()) - clock.now();
    cancel = timer(() => void work(), Math.min(Math.max(next, 0), longestWaitMillis));
  };
  const work = () => {
    working = working
      .then(() => tend(context, due))
      .then(arm, (error) => {
        report(error);
        // Not at once: what is broken stays so for a while.
        if (!closed) cancel = timer(() => void work(), longestWaitMillis);
      });
    return working;
  };

  const stop = store.watch((changes) => {
    const own = changes.filter(({ key }) => scheduleTypes.includes(typeOfKey(key)));
    for (const { key, after } of own) note(key, after?.body);
    if (own.length > 0) arm();
  });
  for (const type of scheduleTypes) {
    for (const root of ['/providers', '/subscriptions']) {
      for (const { key, body } of await store.list(documentKey(root), { type })) note(key, body);
    }
  }
  arm();
  return {
    settled: work,
    close() {
      closed = true;
      cancel();
      stop();
    },
  };
}

/** Of any number of times: more than a call takes arguments. */
function earliest(times: Iterable<number>): number {
  let first = Number.POSITIVE_INFINITY;
  for (const time of times) if (time < first) first = time;
  return first;
}

async function tend(context: EdgeContext, due: ReadonlyMap<DocumentKey, number>): Promise<void> {
  const now = context.clock.now();
  const ready = [...due].filter(([, at]) => at <= now).toSorted(([, a], [, b]) => a - b);
  if (ready.length === 0) return;
  const { advance } = await import('./advance.ts');
  for (const [key] of ready) await advance(context, key);
}
