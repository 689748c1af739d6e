import type { EpochMillis } from '../../time.ts';

/**
 * Writes a date, in UTC, by .NET's standard (`u`, `o`, `R` …) or custom (`yyyy-MM-dd`) format strings, in the invariant culture.
 * Undefined where the format is neither.
 * @see Microsoft Learn, .NET, "Standard date and time format strings" and "Custom date and time format strings"
 */
export function formatDate(millis: EpochMillis, form: string): string | undefined {
  if (form.length === 1) return form in standard ? formatDate(millis, standard[form] ?? '') : undefined;
  const date = new Date(millis);
  let wrong = false;
  const text = form.replace(specifier, (found: string) => {
    if (found.length > 1 && (found[0] === "'" || found[0] === '"')) return found.slice(1, -1);
    if (found[0] === '\\') return found[1] ?? '';
    const write = writers[(found[0] === '%' ? found[1] : found[0]) ?? ''];
    const written = write?.(date, found[0] === '%' ? 1 : found.length);
    wrong ||= written === undefined;
    return written ?? '';
  });
  return wrong || form === '' ? undefined : text;
}

/** What a format is made of; a letter that stands for nothing is written as it is. */
const specifier = /'[^']*'|"[^"]*"|['"%]$|\\[\s\S]|%[dfFghHKmMstyz]|d+|f+|F+|g+|h+|H+|K|m+|M+|s+|t+|y+|z+/g;

const standard: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  D: 'dddd, dd MMMM yyyy',
  f: 'dddd, dd MMMM yyyy HH:mm',
  F: 'dddd, dd MMMM yyyy HH:mm:ss',
  g: 'MM/dd/yyyy HH:mm',
  G: 'MM/dd/yyyy HH:mm:ss',
  m: 'MMMM dd',
  M: 'MMMM dd',
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-dd'T'HH:mm:ss",
  t: 'HH:mm',
  T: 'HH:mm:ss',
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  U: 'dddd, dd MMMM yyyy HH:mm:ss',
  y: 'yyyy MMMM',
  Y: 'yyyy MMMM',
};

const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

type Writer = (date: Date, count: number) => string | undefined;

/** A number with a zero before it, or a name, short or whole, by how often the letter stands. */
const numbered = (value: number, count: number) => String(value).padStart(Math.min(count, 2), '0');
const calendar = (value: number, name: string | undefined, count: number) => {
  if (count < 3) return numbered(value, count);
  return count === 3 ? name?.slice(0, 3) : name;
};
const fraction = (date: Date, count: number) =>
  count > 7 ? undefined : `${String(date.getUTCMilliseconds()).padStart(3, '0')}0000`.slice(0, count);

const writers: Readonly<Record<string, Writer>> = {
  d: (date, count) => calendar(date.getUTCDate(), days[date.getUTCDay()], count),
  M: (date, count) => calendar(date.getUTCMonth() + 1, months[date.getUTCMonth()], count),
  y: (date, count) =>
    count < 3 ? numbered(date.getUTCFullYear() % 100, count) : String(date.getUTCFullYear()).padStart(count, '0'),
  h: (date, count) => numbered(date.getUTCHours() % 12 || 12, count),
  H: (date, count) => numbered(date.getUTCHours(), count),
  m: (date, count) => numbered(date.getUTCMinutes(), count),
  s: (date, count) => numbered(date.getUTCSeconds(), count),
  f: fraction,
  F: (date, count) => fraction(date, count)?.replace(/0+$/, ''),
  t: (date, count) => (date.getUTCHours() < 12 ? 'AM' : 'PM').slice(0, count),
  g: () => 'A.D.',
  K: () => 'Z',
  z: (_, count) => ['+0', '+00', '+00:00'][Math.min(count, 3) - 1],
};
