// From a reply to bytes: the error envelope and the headers that every answer carries. The wire's words are here, decisions
// are not.

import type { Json } from '../../core/json.ts';
import type { Refusal } from '../../core/refusal.ts';
import { rememberObjects } from '../../core/remember.ts';
import type { Arrival } from '../parse/arrival.ts';
import { formatError, statusOf } from './envelope.ts';
import { responseHeaders } from './headers.ts';

/** What an answer consists of beside the headers that all carry. */
export interface Reply {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** The long-running operation that the request has set going. */
  readonly operationId?: string;
  /** What the reply says, where it refuses. */
  readonly refusal?: Refusal;
}

/** The reply that a refusal is. */
export function replyOf(refusal: Refusal): Reply {
  return {
    status: statusOf(refusal),
    body: { error: formatError(refusal) },
    refusal,
    ...(refusal.headers === undefined ? {} : { headers: refusal.headers }),
  };
}

/** A reply as it goes over the wire; one with a body says its length. */
export interface Written {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Writes a reply. A HEAD that found something answers 204, and none has a body. */
export function writeReply(arrival: Arrival, { status, body, headers: more }: Reply): Written {
  const headers = Object.assign(responseHeaders(arrival), more);
  if (arrival.method === 'HEAD') return { status: status === 200 ? 204 : status, headers };
  if (body === undefined || status === 204) return { status, headers };
  const { text, length } = textOf(body);
  headers['Content-Type'] = 'application/json; charset=utf-8';
  headers['Content-Length'] = length;
  return { status, headers, body: text };
}

interface Text {
  readonly text: string;
  /** In bytes of UTF-8. */
  readonly length: string;
}

/** What is answered again and again, a resource that did not change, is one object and is written once. */
const textOfObject = rememberObjects((body: object) => format(body as Json));

function textOf(body: Json): Text {
  return typeof body === 'object' && body !== null ? textOfObject(body) : format(body);
}

function format(body: Json): Text {
  const text = JSON.stringify(body);
  return { text, length: String(Buffer.byteLength(text)) };
}
