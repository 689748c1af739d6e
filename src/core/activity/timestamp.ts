import type { EpochMillis } from '../time.ts';

/** A date, perhaps a time of day with any number of decimals, perhaps a zone; a blank before an offset was a `+`. */
const pattern = /^(\d{4}-\d\d-\d\d)(?:[T\s](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:(Z)|([\s+-])(\d\d):?(\d\d))?)?$/i;

/** Parses an ISO 8601 time to the millisecond, UTC where no zone is written; undefined when it is none (31 February). */
export function parseTimestamp(text: string): EpochMillis | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, date, minutes = '00:00', seconds = '00', decimals = '', , sign, offsetHours = '0', offsetMinutes = '0'] =
    match;
  const local = `${date}T${minutes}:${seconds}`;
  const millis = Date.parse(`${local}.${decimals.slice(0, 3).padEnd(3, '0')}Z`);
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(local)) return undefined;
  const offsetMillis = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return (sign === '-' ? millis + offsetMillis : millis - offsetMillis) as EpochMillis;
}
