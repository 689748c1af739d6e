const pattern =
  /^P(?=[\dT])(?:(?<years>\d{1,4})Y)?(?:(?<months>\d{1,5})M)?(?:(?<weeks>\d{1,5})W)?(?:(?<days>\d{1,6})D)?(?:T(?=\d)(?:(?<hours>\d{1,7})H)?(?:(?<minutes>\d{1,9})M)?(?:(?<seconds>\d{1,10})(?:\.\d+)?S)?)?$/;

const daySeconds = 86_400;

/** What each part is worth. A year has 365 days and a month 30, as in XML Schema durations that .NET reads. */
const unitSeconds: Readonly<Record<string, number>> = {
  years: 365 * daySeconds,
  months: 30 * daySeconds,
  weeks: 7 * daySeconds,
  days: daySeconds,
  hours: 3600,
  minutes: 60,
  seconds: 1,
};

/** Reads an ISO 8601 duration (`PT8H`, `P1DT30M`) to milliseconds; fractions of a second are dropped. Undefined for what is none, or nothing long. */
export function parseDuration(text: string): number | undefined {
  const parts = pattern.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const seconds = Object.entries(parts).reduce(
    (sum, [unit, count]) => sum + Number(count ?? 0) * (unitSeconds[unit] ?? 0),
    0,
  );
  return seconds > 0 ? seconds * 1000 : undefined;
}
