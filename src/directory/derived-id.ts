import { createHash } from 'node:crypto';

/** An object id that follows from a text, the same in every process: for what two of them might make at once. */
export function derivedId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
