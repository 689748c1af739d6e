import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../core/ports/clock.ts';
import type { Random } from '../core/ports/random.ts';
import type { EpochMillis } from '../core/time.ts';

/** The system's clock. */
export const systemClock: Clock = { now: () => Date.now() as EpochMillis };

/** The operating system's random source. */
export const systemRandom: Random = { uuid: () => randomUUID(), bytes: (length) => randomBytes(length) };
