// From a reply to bytes: the error envelope and the headers that every answer carries. The wire's words are here, decisions
// are not.

import type { Json } from '../../core/json.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Arrival } from '../parse/arrival.ts';
import { formatError, statusOf } from './envelope.ts';
import { responseHeaders } from './headers.ts';

/** What an answer consists of beside the headers that all carry. */
export interface Reply {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The reply that a refusal is. */
export function replyOf(refusal: Refusal): Reply {
  return {
    status: statusOf(refusal),
    body: { error: formatError(refusal) },
    ...(refusal.headers === undefined ? {} : { headers: refusal.headers }),
  };
}

/** Writes a reply. A HEAD that found something answers 204, and none has a body. */
export function respond(arrival: Arrival, { status, body, headers: more }: Reply): Response {
  const headers = responseHeaders(arrival);
  for (const [name, value] of Object.entries(more ?? {})) headers.set(name, value);
  if (arrival.method === 'HEAD') return new Response(null, { status: status === 200 ? 204 : status, headers });
  if (body === undefined || status === 204) {
    return new Response(null, { status, headers });
  }
  headers.set('Content-Type', 'application/json; charset=utf-8');
  return new Response(JSON.stringify(body), { status, headers });
}
