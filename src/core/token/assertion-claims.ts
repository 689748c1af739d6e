import type { JsonObject } from '../json.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type EpochMillis, type EpochSeconds, formatArmTime } from '../time.ts';

/** What a client assertion (RFC 7523 section 3) says. Nothing of it is to be believed before its signature holds. */
export interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly expiresOn: EpochSeconds;
  readonly notBefore?: EpochSeconds;
  readonly id?: string;
}

/** Seconds by which a client's clock may be ahead: msal-node rounds `nbf` up to the next second, and clocks go wrong. */
export const assertionLeewaySeconds = 300;

/**
 * Reads an assertion's claims; an audience may be a list of one. Refuses `AADSTS50027` for a claim that is missing or of the
 * wrong kind, and for several audiences: an assertion for somebody else too may be replayed by somebody else.
 */
export function parseAssertionClaims(claims: JsonObject): AssertionClaims | Refusal {
  const { iss, sub, aud, exp, nbf, jti } = claims;
  if (!isText(iss)) return malformed("'iss' must be a text");
  if (!isText(sub)) return malformed("'sub' must be a text");
  const audiences = Array.isArray(aud) ? aud : [aud];
  const [audience] = audiences;
  if (audiences.length !== 1) return malformed("'aud' must be one audience");
  if (!isText(audience)) return malformed("'aud' must be a text");
  if (!isTime(exp)) return malformed("'exp' must be a number of seconds");
  if (nbf !== undefined && !isTime(nbf)) return malformed("'nbf' must be a number of seconds");
  if (jti !== undefined && !isText(jti)) return malformed("'jti' must be a text");
  return {
    issuer: iss,
    subject: sub,
    audience,
    expiresOn: exp,
    ...(nbf === undefined ? {} : { notBefore: nbf }),
    ...(jti === undefined ? {} : { id: jti }),
  };
}

/** `AADSTS50027`, for an assertion that cannot be read. */
export function malformed(why: string): Refusal {
  return refuse('AADSTS50027', `JWT token is invalid or malformed: ${why}.`);
}

/** Refuses `AADSTS700024` outside the assertion's times: past its end to the second, or before its begin by more than the leeway. */
export function refuseTimes(
  { expiresOn, notBefore }: Pick<AssertionClaims, 'expiresOn' | 'notBefore'>,
  now: EpochMillis,
): Refusal | undefined {
  const begin = notBefore ?? 0;
  if (now < expiresOn * 1000 && now >= (begin - assertionLeewaySeconds) * 1000) return undefined;
  return refuse(
    'AADSTS700024',
    `Client assertion is not within its valid time range. Current time: ${formatArmTime(now)}, assertion valid from ${formatSeconds(begin)}, expiry time of assertion ${formatSeconds(expiresOn)}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  );
}

/** The last second that a date can name. */
const lastSecond = 8.64e12;

function formatSeconds(seconds: number): string {
  return formatArmTime((Math.max(-lastSecond, Math.min(seconds, lastSecond)) * 1000) as EpochMillis);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** MSAL Python writes fractions of a second. */
function isTime(value: unknown): value is EpochSeconds {
  return typeof value === 'number' && Number.isFinite(value);
}
