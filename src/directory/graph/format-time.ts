import type { EpochMillis } from '../../core/time.ts';

/** Graph's times have whole seconds: `2026-11-23T22:50:35Z`. */
export function formatTime(millis: number): string {
  return new Date(millis).toISOString().replace(/\.\d+/, '');
}

/** A time as Graph takes it (ISO 8601, with a zone or in UTC); undefined for what is none. */
export function parseTime(text: string): EpochMillis | undefined {
  const zoned = /(z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
  const millis = /^\d{4}-\d{2}-\d{2}T/i.test(text) ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(millis) ? undefined : (millis as EpochMillis);
}
