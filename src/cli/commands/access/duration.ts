const words = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i;

/** A length of time as people type it (`1h`, `90m`, `1h30m`, `1d`) in ISO 8601; what is ISO 8601 already stays. Undefined otherwise. */
export function parseLength(text: string): string | undefined {
  if (/^P/i.test(text)) return text.toUpperCase();
  const parts = words.exec(text);
  if (parts === null) return undefined;
  const [, days, hours, minutes, seconds] = parts;
  const part = (count: string | undefined, unit: string) => (count === undefined ? '' : `${Number(count)}${unit}`);
  const time = `${part(hours, 'H')}${part(minutes, 'M')}${part(seconds, 'S')}`;
  return `P${part(days, 'D')}${time === '' ? '' : `T${time}`}`;
}
