import type { EpochMillis } from '../time.ts';

/** What `utcNow` answers without a format. */
const usual = 'yyyyMMddTHHmmssZ';

/** Standard formats of one letter. */
const standard: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  o: 'yyyy-MM-ddTHH:mm:ss.fffffffZ',
  O: 'yyyy-MM-ddTHH:mm:ss.fffffffZ',
  s: 'yyyy-MM-ddTHH:mm:ss',
  u: 'yyyy-MM-dd HH:mm:ssZ',
};

/**
 * The time in a .NET format, as `utcNow('yyyy-MM-dd')` wants it: numbers of date and time, and everything else as written.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-date "utcNow"
 */
export function formatUtcNow(now: EpochMillis, format: string = usual): string {
  const at = new Date(now);
  const two = (value: number) => String(value).padStart(2, '0');
  const hour12 = at.getUTCHours() % 12 === 0 ? 12 : at.getUTCHours() % 12;
  const parts: Readonly<Record<string, string>> = {
    yyyy: String(at.getUTCFullYear()),
    yy: two(at.getUTCFullYear() % 100),
    MM: two(at.getUTCMonth() + 1),
    M: String(at.getUTCMonth() + 1),
    dd: two(at.getUTCDate()),
    d: String(at.getUTCDate()),
    HH: two(at.getUTCHours()),
    H: String(at.getUTCHours()),
    hh: two(hour12),
    h: String(hour12),
    mm: two(at.getUTCMinutes()),
    m: String(at.getUTCMinutes()),
    ss: two(at.getUTCSeconds()),
    s: String(at.getUTCSeconds()),
    fffffff: `${String(at.getUTCMilliseconds()).padStart(3, '0')}0000`,
    fff: String(at.getUTCMilliseconds()).padStart(3, '0'),
    tt: at.getUTCHours() < 12 ? 'AM' : 'PM',
  };
  return (standard[format] ?? format).replace(
    /'([^']*)'|yyyy|yy|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|fffffff|fff|tt/g,
    (word, quoted: string | undefined) => quoted ?? parts[word] ?? word,
  );
}
