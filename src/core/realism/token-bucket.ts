import type { EpochMillis } from '../time.ts';

/** A token bucket: `perSecond` requests a second on average, and as many at once when none came before. */
export class TokenBucket {
  readonly #perSecond: number;
  #left: number;
  #at: EpochMillis;

  constructor(perSecond: number, now: EpochMillis) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
    this.#at = now;
  }

  /** Takes one, if one is there. A clock that goes back adds none. */
  take(now: EpochMillis): boolean {
    const gained = (Math.max(0, now - this.#at) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, this.#left + gained);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
