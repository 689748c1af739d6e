import type { LogEntry } from './configuration.ts';

/** Formats an entry as one line: `2026-11-23T22:50:35.123Z info listening origin=https://localhost:8443`. */
export function formatLine(entry: LogEntry, time: Date): string {
  const fields = Object.entries(entry.fields ?? {}).map(([name, value]) => `${name}=${formatValue(value)}`);
  return [time.toISOString(), entry.level, entry.event, ...fields].join(' ');
}

/** Formats an entry as one line of JSON. */
export function formatJsonLine(entry: LogEntry, time: Date): string {
  return JSON.stringify({ time: time.toISOString(), level: entry.level, event: entry.event, ...entry.fields });
}

/** Quotes what would not read back as one word; control characters never reach a terminal. */
function formatValue(value: string | number | boolean): string {
  const text = String(value);
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text);
}
