import type { EpochMillis } from '../core/time.ts';

/** The event at which a page ended; the next page goes on with the one before it. */
export interface PageEnd {
  readonly time: EpochMillis;
  readonly sequence: number;
}

/** A page's end as an opaque token. */
export function formatSkipToken({ time, sequence }: PageEnd): string {
  return Buffer.from(`${time}.${sequence}`).toString('base64url');
}

/** The page's end that a token means; undefined when it is no token of ours. */
export function parseSkipToken(token: string): PageEnd | undefined {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (match === null) return undefined;
  const end = { time: Number(match[1]) as EpochMillis, sequence: Number(match[2]) };
  return formatSkipToken(end) === token ? end : undefined;
}
