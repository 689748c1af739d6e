import type { EpochMillis } from '../time.ts';

/** The time, passed in so that tests decide it. */
export interface Clock {
  now(): EpochMillis;
}
