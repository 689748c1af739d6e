import type { Context } from 'hono';
import { type GraphErrorCode, graphErrors } from '../../core/errors/graph.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { AnswerPorts, GraphReply } from './ask.ts';

/** Answers a reply, its body in OData's media type. */
export function answerGraph(c: Context, { status, body }: GraphReply, { random }: AnswerPorts): Response {
  setRequestIds(c, random);
  if (body === undefined || status === 204) return c.body(null, 204);
  return c.body(JSON.stringify(body), status, { 'Content-Type': mediaType });
}

/**
 * Answers a refusal in Graph's error shape, of which `az` reads `error.message`.
 * @see https://learn.microsoft.com/graph/errors, "Error resource type"
 */
export function answerRefusal(c: Context, refusal: Refusal, { clock, random }: AnswerPorts): Response {
  if (!isGraphCode(refusal.refused)) throw new Error(`Graph cannot answer '${refusal.refused}'`);
  const ids = setRequestIds(c, random);
  const innerError = {
    date: new Date(clock.now()).toISOString().replace(/\.\d+Z/, ''),
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
  };
  for (const [name, value] of Object.entries(refusal.headers ?? {})) c.header(name, value);
  const body = { error: { code: refusal.refused, message: refusal.message, innerError } };
  return c.json(body, graphErrors[refusal.refused]);
}

const mediaType = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function setRequestIds(c: Context, random: Random): { readonly requestId: string; readonly clientRequestId: string } {
  const requestId = random.uuid();
  const theirs = c.req.header('client-request-id');
  const clientRequestId = theirs !== undefined && guid.test(theirs) ? theirs : requestId;
  c.header('request-id', requestId);
  c.header('client-request-id', clientRequestId);
  return { requestId, clientRequestId };
}

function isGraphCode(code: Refusal['refused']): code is GraphErrorCode {
  return code in graphErrors;
}
