import type { EpochMillis } from '../../time.ts';

/** Parses a date of ISO 8601, also with a space instead of the `T` and without separators (`utcNow`'s own form); without a zone it is UTC. */
export function parseDate(text: string): EpochMillis | undefined {
  const match = dated.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const millis = Date.parse(at);
  const exact = Number.isFinite(millis) && new Date(millis).getUTCDate() === Number(day);
  return exact ? ((millis - zoneMillis(zone)) as EpochMillis) : undefined;
}

const dated =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:\.(\d{1,9}))?)?)?(?: ?(Z|[+-]\d\d(?::?\d\d)?))?$/i;

function zoneMillis(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || '0')];
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

/**
 * The milliseconds of a duration of ISO 8601, negative after a minus. A year is 365 days and a month 30, as Azure's documents say of
 * `dateTimeAdd`.
 */
export function parseDuration(text: string): number | undefined {
  const match = lasting.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, ...amounts] = match;
  const units = [365 * day, 30 * day, 7 * day, day, hour, 60 * second, second];
  const sum = units.reduce((total, unit, index) => total + unit * Number(amounts[index] ?? 0), 0);
  return sign === '-' ? -sum : sum;
}

const lasting =
  /^([+-])?P(?=\d|T\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,7})?)S)?)?$/;
