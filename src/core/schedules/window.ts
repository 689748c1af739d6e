import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type EpochMillis, formatArmTime } from '../time.ts';
import { parseDuration } from './duration.ts';

/** From when (inclusive) until when (exclusive) something is in force; without an end, until it is taken back. */
export interface Window {
  readonly startsAt: EpochMillis;
  readonly endsAt?: EpochMillis;
}

const expirationTypes = ['NoExpiration', 'AfterDuration', 'AfterDateTime'];
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;
/** The last moment that four digits of a year can write. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Reads a request's `scheduleInfo`: it starts now where no start or an earlier one is given. Refuses `InvalidRequestContent`: what
 * is ill-formed, an end that is not after the start, an end that has passed.
 * @see azure-mgmt-authorization, RoleAssignmentScheduleRequestPropertiesScheduleInfo
 */
export function parseWindow(scheduleInfo: Json | undefined, now: EpochMillis): Window | Refusal {
  if (scheduleInfo === undefined || scheduleInfo === null) return { startsAt: now };
  if (!isJsonObject(scheduleInfo)) return invalid("The property 'scheduleInfo' must be an object.");
  const start = scheduleInfo['startDateTime'] ?? null;
  const parsed = start === null ? now : parseTime(start);
  if (parsed === undefined) return badTime('startDateTime', start);
  const startsAt = Math.max(parsed, now) as EpochMillis;
  const expiration = scheduleInfo['expiration'] ?? null;
  if (expiration === null) return { startsAt };
  if (!isJsonObject(expiration)) return invalid("The property 'scheduleInfo.expiration' must be an object.");
  return withEnd({ startsAt }, parsed, expiration, now);
}

function withEnd(window: Window, from: EpochMillis, expiration: JsonObject, now: EpochMillis): Window | Refusal {
  const type = expirationTypes.find((one) => one === expiration['type']);
  if (type === 'NoExpiration') return window;
  if (type === undefined) {
    const shown = JSON.stringify(expiration['type'] ?? null);
    return invalid(`The expiration type ${shown} is not valid. It must be one of '${expirationTypes.join(', ')}'.`);
  }
  const end = type === 'AfterDuration' ? endAfter(window.startsAt, expiration) : endAt(expiration);
  if (typeof end !== 'number') return end;
  const shown = new Date(end).toISOString();
  if (end <= now) return invalid(`The expiration '${shown}' is in the past: it is ${new Date(now).toISOString()}.`);
  if (end <= window.startsAt || end <= from) {
    return invalid(`The end '${shown}' must be after the start '${formatArmTime(window.startsAt)}'.`);
  }
  return { ...window, endsAt: end };
}

function endAfter(startsAt: EpochMillis, { duration }: JsonObject): EpochMillis | Refusal {
  const millis = typeof duration === 'string' ? parseDuration(duration) : undefined;
  if (millis === undefined) {
    return invalid(`The duration ${shownOf(duration)} is not valid. It must be an ISO 8601 duration such as 'PT8H'.`);
  }
  const end = startsAt + millis;
  return end <= latest ? (end as EpochMillis) : invalid(`The duration ${shownOf(duration)} ends after the year 9999.`);
}

function endAt({ endDateTime }: JsonObject): EpochMillis | Refusal {
  return parseTime(endDateTime) ?? badTime('expiration.endDateTime', endDateTime);
}

/** A time with its zone; a date that the calendar lacks is none. */
function parseTime(value: Json | undefined): EpochMillis | undefined {
  if (typeof value !== 'string' || !dateTime.test(value)) return undefined;
  const millis = Date.parse(value);
  return Number.isNaN(millis) ? undefined : (millis as EpochMillis);
}

function badTime(name: string, value: Json | undefined): Refusal {
  const example = '2026-11-24T09:00:00Z';
  return invalid(
    `'scheduleInfo.${name}' ${shownOf(value)} is not a time: it must be like '${example}', with its zone.`,
  );
}

function shownOf(value: Json | undefined): string {
  return `'${typeof value === 'string' ? value.slice(0, 80) : JSON.stringify(value ?? null).slice(0, 80)}'`;
}

function invalid(message: string): Refusal {
  return refuse('InvalidRequestContent', message);
}

/** Whether two windows have a moment in common. One that ends when the other starts does not. */
export function overlaps(a: Window, b: Window): boolean {
  const end = ({ endsAt }: Window) => endsAt ?? Number.POSITIVE_INFINITY;
  return a.startsAt < end(b) && b.startsAt < end(a);
}
