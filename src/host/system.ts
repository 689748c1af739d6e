import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';
import type { Clock } from '../core/ports/clock.ts';
import type { Random } from '../core/ports/random.ts';
import type { EpochMillis } from '../core/time.ts';

/** The system's clock. */
export const systemClock: Clock = { now: () => Date.now() as EpochMillis };

/** The operating system's random source. */
export const systemRandom: Random = { uuid: () => randomUUID(), bytes: drawBytes };

/** Drawn ahead, as Node does for UUIDs: asking the operating system costs a token more than making its claims. */
const pool = Buffer.alloc(8192);
let left = 0;

/** INVARIANT: no byte of the pool is given twice, and none stays in it once it is given. */
function drawBytes(length: number): Uint8Array {
  if (length > 1024) return randomBytes(length);
  if (left < length) {
    randomFillSync(pool);
    left = pool.length;
  }
  const drawn = Uint8Array.from(pool.subarray(left - length, left));
  pool.fill(0, left - length, left);
  left -= length;
  return drawn;
}
