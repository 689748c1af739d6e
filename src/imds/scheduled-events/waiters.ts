import type { Clock } from '../../core/ports/clock.ts';
import type { Announcement } from '../../core/ports/scheduled-events.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

interface Waiter {
  readonly vmId: string;
  readonly resolve: (outcome: Announcement['outcome']) => void;
}

/** Those who wait until an event may begin. */
export class Waiters {
  readonly #waiting = new Map<string, Waiter>();
  readonly #clock: Clock;
  readonly #after: (millis: number, act: () => void) => () => void;
  /** Released before anybody waited: an event is seen a moment before its waiter is there. */
  readonly #early = new Set<string>();
  #closed = false;

  constructor(clock: Clock, after = timer) {
    this.#clock = clock;
    this.#after = after;
  }

  has(eventId: string): boolean {
    return this.#waiting.has(eventId);
  }

  /** Resolves when the event is released, or when its time has come, or when everything ends. */
  async wait(vmId: string, { id, notBefore }: ScheduledEvent): Promise<Announcement['outcome']> {
    if (this.#closed) return 'hostStops';
    if (this.#early.delete(id)) return 'mayBegin';
    const { promise, resolve } = Promise.withResolvers<Announcement['outcome']>();
    this.#waiting.set(id, { vmId, resolve });
    const cancel = this.#after(Math.max(0, notBefore - this.#clock.now()), () => resolve('mayBegin'));
    const outcome = await promise;
    cancel();
    this.#waiting.delete(id);
    return outcome;
  }

  release(eventId: string): void {
    const waiter = this.#waiting.get(eventId);
    if (waiter === undefined) this.#early.add(eventId);
    else waiter.resolve('mayBegin');
  }

  /** The machine is gone: nobody is left to approve. */
  releaseAll(vmId: string): void {
    for (const waiter of this.#waiting.values()) if (waiter.vmId === vmId) waiter.resolve('mayBegin');
  }

  close(): void {
    this.#closed = true;
    for (const { resolve } of this.#waiting.values()) resolve('hostStops');
  }
}

function timer(millis: number, act: () => void): () => void {
  const timeout = setTimeout(act, millis);
  return () => clearTimeout(timeout);
}
