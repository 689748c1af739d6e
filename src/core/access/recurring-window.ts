import { type Refusal, refuse } from '../refusal.ts';
import type { EpochMillis } from '../time.ts';
import { isTimeZone, type WallTime, wallTime } from './wall-clock.ts';

/** A time of the week that comes again each week, by the clocks of a time zone. */
export interface RecurringWindow {
  /** As it was written: `weekdays 08:00-18:00 Europe/Brussels`. */
  readonly text: string;
  /** Those on which it begins; 0 is Monday. */
  readonly days: ReadonlySet<number>;
  /** Minutes since midnight, the first that is in it. */
  readonly from: number;
  /** Minutes since midnight, the first that is not; less than `from` where it lasts into the next day. */
  readonly to: number;
  readonly timeZone: string;
}

const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const dayGroups: Readonly<Record<string, readonly number[]>> = {
  daily: [0, 1, 2, 3, 4, 5, 6],
  weekdays: [0, 1, 2, 3, 4],
  weekends: [5, 6],
};

const pattern = /^(\S+) (\d\d:\d\d)-(\d\d:\d\d) (\S+)$/;

/**
 * Reads `<days> <HH:MM>-<HH:MM> <time zone>`: days are `daily`, `weekdays`, `weekends`, names (`mon`, `monday`) and ranges of them
 * (`fri-mon`), separated by commas; a window that ends before it begins lasts into the next day. Refuses `InvalidParameter`. The
 * form is our own.
 */
export function parseRecurringWindow(text: string, target: string): RecurringWindow | Refusal {
  const [, dayText, fromText, toText, timeZone] = pattern.exec(text) ?? [];
  if (dayText === undefined || fromText === undefined || toText === undefined || timeZone === undefined) {
    return wrong(text, target, "it must read like 'weekdays 08:00-18:00 Europe/Brussels'");
  }
  const days = parseDays(dayText);
  if (days === undefined) {
    return wrong(text, target, `'${dayText}' are no days. Use daily, weekdays, weekends, or days like 'mon-thu,sat'`);
  }
  const from = parseMinute(fromText);
  const to = parseMinute(toText);
  if (from === undefined || from === 24 * 60)
    return wrong(text, target, `'${fromText}' is no time from 00:00 to 23:59`);
  if (to === undefined) return wrong(text, target, `'${toText}' is no time from 00:00 to 24:00`);
  if (from === to) return wrong(text, target, `it begins and ends at ${fromText}. A whole day is 00:00-24:00`);
  if (!isTimeZone(timeZone)) {
    return wrong(text, target, `'${timeZone}' is no time zone of the IANA database, such as Europe/Brussels`);
  }
  return { text, days, from, to, timeZone };
}

function parseDays(text: string): ReadonlySet<number> | undefined {
  const days = text.toLowerCase().split(',').map(parseDayRange);
  return days.includes(undefined) ? undefined : new Set(days.flatMap((range) => range ?? []));
}

function parseDayRange(text: string): readonly number[] | undefined {
  if (Object.hasOwn(dayGroups, text)) return dayGroups[text];
  const [first, last, more] = text.split('-').map(parseDay);
  if (first === undefined || more !== undefined || text.split('-').length > 2) return undefined;
  if (!text.includes('-')) return [first];
  if (last === undefined) return undefined;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, at) => (first + at) % 7);
}

function parseDay(text: string): number | undefined {
  const at = dayNames.findIndex((name) => name === text || name.slice(0, 3) === text);
  return at < 0 ? undefined : at;
}

function parseMinute(text: string): number | undefined {
  const [hours, minutes] = text.split(':').map(Number) as [number, number];
  const minute = hours * 60 + minutes;
  return minutes < 60 && minute <= 24 * 60 ? minute : undefined;
}

/** Whether a moment lies in the window. */
export function isOpen(window: RecurringWindow, moment: EpochMillis): boolean {
  return isOpenAt(window, wallTime(moment, window.timeZone));
}

function isOpenAt({ days, from, to }: RecurringWindow, { day, minute }: WallTime): boolean {
  if (from < to) return days.has(day) && minute >= from && minute < to;
  const yesterday = (day + 6) % 7;
  return (days.has(day) && minute >= from) || (days.has(yesterday) && minute < to);
}

function wrong(text: string, target: string, why: string): Refusal {
  return refuse('InvalidParameter', `The recurring window '${text}' is not valid: ${why}.`, { target });
}
