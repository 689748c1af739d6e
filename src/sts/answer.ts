import type { Context } from 'hono';
import { formatEntraError } from '../core/errors/entra-error.ts';
import { isOAuthErrorCode, oauthErrors } from '../core/errors/oauth.ts';
import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Random } from '../core/ports/random.ts';
import type { Refusal } from '../core/refusal.ts';
import { keySetMaxAgeSeconds } from '../core/token/key-schedule.ts';

/** What naming and dating an answer needs. */
export interface AnswerPorts {
  readonly clock: Clock;
  readonly random: Random;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Answers a discovery document: public, cacheable for a day, readable from any web page, as Entra's are. */
export function answerMetadata(c: Context, body: JsonObject, { random }: AnswerPorts): Response {
  setRequestIds(c, random.uuid());
  c.header('Cache-Control', `max-age=${keySetMaxAgeSeconds}, private`);
  c.header('Access-Control-Allow-Origin', '*');
  c.header('Access-Control-Allow-Methods', 'GET, OPTIONS');
  return c.json(body);
}

/** Answers what nobody may keep: a token, or why there is none (RFC 6749 section 5.1). */
export function answerPrivately(c: Context, body: JsonObject, status: 200 | 400 | 401 | 405 | 413 | 500): Response {
  c.header('Cache-Control', 'no-store, no-cache');
  c.header('Pragma', 'no-cache');
  return c.json(body, status);
}

/** Answers a refusal in Entra's error shape. */
export function answerError(c: Context, refusal: Refusal, { clock, random }: AnswerPorts): Response {
  const traceId = random.uuid();
  const correlationId = clientRequestId(c) ?? random.uuid();
  const code = refusal.refused;
  if (!isOAuthErrorCode(code)) throw new Error(`the token service cannot answer '${code}'`);
  const body = formatEntraError(code, refusal.message, { traceId, correlationId, now: clock.now() }, ' ');
  setRequestIds(c, traceId);
  for (const [name, value] of Object.entries(refusal.headers ?? {})) c.header(name, value);
  return answerPrivately(c, body, oauthErrors[code].status);
}

/** `x-ms-request-id`, and the caller's id when it asks for it back (`return-client-request-id: true`). */
export function setRequestIds(c: Context, requestId: string): void {
  c.header('x-ms-request-id', requestId);
  const asked = c.req.header('return-client-request-id')?.toLowerCase() === 'true' ? clientRequestId(c) : undefined;
  if (asked !== undefined) c.header('client-request-id', asked);
}

function clientRequestId(c: Context): string | undefined {
  const id = c.req.header('client-request-id');
  return id !== undefined && guid.test(id) ? id.toLowerCase() : undefined;
}
