import type { EpochMillis } from '../core/time.ts';

/** Where a page ended: at a record of the batch that is stored there. */
export interface PageEnd {
  readonly time: EpochMillis;
  readonly sequence: number;
  /** The page goes on with the records before this one. */
  readonly number: number;
}

/** A page's end as an opaque token. */
export function formatSkipToken({ time, sequence, number }: PageEnd): string {
  return Buffer.from(`${time}.${sequence}.${number}`).toString('base64url');
}

/** The page's end that a token means; undefined when it is no token of ours. */
export function parseSkipToken(token: string): PageEnd | undefined {
  const match = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (match === null) return undefined;
  const end = { time: Number(match[1]) as EpochMillis, sequence: Number(match[2]), number: Number(match[3]) };
  return formatSkipToken(end) === token ? end : undefined;
}
