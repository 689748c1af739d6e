import type { RecordedSignIn } from '../ports/sign-in-log.ts';

/** A record as one line of JSON, without its end: the time in ISO 8601, then `event`, by which other lines are told apart. */
export function formatSignInLine({ time, number, hash, ...rest }: RecordedSignIn): string {
  return JSON.stringify({ time: new Date(time).toISOString(), event: 'sign-in', number, hash, ...rest });
}
