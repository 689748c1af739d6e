import { InvalidArgumentError } from 'commander';

const unitMillis: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a point in time: `7d`, `12h`, `30m`, `90s` ago, or ISO 8601; milliseconds since 1970. Throws `InvalidArgumentError`. */
export function parseSince(written: string, now = Date.now()): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(written) ?? [];
  if (count !== undefined) return now - Number(count) * (unitMillis[unit] ?? 0);
  const time = /^\d{4}-\d\d-\d\d/.test(written) ? Date.parse(written) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError('A time is like 7d, 12h, 30m, or 2026-11-24T08:00:00Z.');
}
