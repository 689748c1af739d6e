/** A moment to a ten-millionth of a second, as conditions compare them; `ticks` are those of the millisecond, 0 to 9999. */
export interface Moment {
  readonly millis: number;
  readonly ticks: number;
}

const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?Z$/;

/** Reads `yyyy-mm-ddThh:mm:ss.fffffffZ`, the fraction optional; undefined for what is none, or no day of the calendar. */
export function parseMoment(text: string): Moment | undefined {
  const [, whole, fraction = ''] = pattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const seconds = Date.parse(`${whole}Z`);
  if (Number.isNaN(seconds) || !new Date(seconds).toISOString().startsWith(whole)) return undefined;
  const digits = fraction.padEnd(7, '0');
  return { millis: seconds + Number(digits.slice(0, 3)), ticks: Number(digits.slice(3)) };
}

/** Negative when the first is earlier, positive when it is later, 0 when they are the same. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.millis - b.millis || a.ticks - b.ticks;
}
