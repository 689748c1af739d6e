import { rememberTexts } from '../remember.ts';
import type { EpochMillis } from '../time.ts';

/** What a clock on the wall shows in some time zone. */
export interface WallTime {
  /** 0 is Monday. */
  readonly day: number;
  /** Since midnight, by the clock's face: 23 to 25 hours pass in a day, but it shows 24. */
  readonly minute: number;
}

/** Whether the IANA time zone database has the zone: `Europe/Brussels`, `UTC`. Offsets such as `+02:00` are no zones. */
export function isTimeZone(zone: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone) && clockOf(zone) !== undefined;
}

/** The wall time of a moment in a time zone that `isTimeZone` knows. */
export function wallTime(moment: EpochMillis, zone: string): WallTime {
  const parts = new Map(
    clockOf(zone)
      ?.formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: days.indexOf(parts.get('weekday') ?? ''),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const clockOf = rememberTexts(
  (timeZone) => {
    try {
      const shown = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
      return new Intl.DateTimeFormat('en-US', { timeZone, ...shown });
    } catch {
      return undefined;
    }
  },
  { limit: 64, maxLength: 64 },
);
