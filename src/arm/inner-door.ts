import type { JsonObject } from '../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { admitInner } from './admit.ts';
import type { Door } from './door.ts';
import { cloudAt } from './metadata/cloud.ts';
import type { Arrival } from './parse/arrival.ts';
import { parseTarget } from './parse/target.ts';
import { judgePermission, pass } from './pass.ts';
import type { Passage } from './passage.ts';
import type { Behalf, InnerAnswer, InnerDoor, InnerRequest } from './provider-contract.ts';
import type { Reply } from './respond/respond.ts';

/** The front door from within: requests of providers pass the stages behind the token, each recorded as the caller's own. */
export function innerDoor(door: Door): InnerDoor {
  return {
    ask: (behalf, request) => ask(door, behalf, request),
    judge: async (behalf, request) => {
      const passage = await admit(door, behalf, request);
      return isRefusal(passage) ? passage : judgePermission(door, passage);
    },
    cloudAt: (origin) => ({ ...cloudAt(origin) }) as unknown as JsonObject,
  };
}

async function ask(door: Door, behalf: Behalf, request: InnerRequest): Promise<InnerAnswer | Refusal> {
  const passage = await admit(door, behalf, request);
  if (isRefusal(passage)) return passage;
  const reply = await pass(door, passage);
  if (reply.status >= 400) return refusalOf(reply);
  const { operationId } = reply;
  return operationId === undefined ? answerOf(reply) : settle(door, reply, operationId);
}

async function admit(door: Door, behalf: Behalf, request: InnerRequest): Promise<Passage | Refusal> {
  const arrival = arrivalOf(door, behalf, request);
  if (isRefusal(arrival.target)) return arrival.target;
  const { target } = arrival;
  const { apiVersion, body } = request;
  return admitInner(door, { arrival, target, caller: behalf.caller, apiVersion, inner: { json: body } });
}

function arrivalOf({ context }: Door, behalf: Behalf, { method, path, apiVersion }: InnerRequest): Arrival {
  const encoded = path.toWellFormed().split('/').map(encodeURIComponent).join('/');
  const url = `${encoded}?api-version=${encodeURIComponent(apiVersion)}`;
  const { correlationId, origin, clientAddress, secrets, stackId } = behalf;
  return {
    method,
    target: parseTarget(url),
    ids: { requestId: context.random.uuid(), correlationId, returnsClientRequestId: false },
    origin,
    now: context.clock.now(),
    ...(clientAddress === undefined ? {} : { clientAddress }),
    shown: () => undefined,
    request: { method, url, headers: { get: () => null }, body: null },
    ...(secrets === undefined ? {} : { secrets }),
    ...(stackId === undefined ? {} : { stackId }),
  };
}

/** Waits for the work that a request has set going. */
async function settle(door: Door, reply: Reply, operationId: string): Promise<InnerAnswer | Refusal> {
  const operation = await door.operations.ended(operationId);
  if (operation?.failure !== undefined) return operation.failure;
  if (operation?.status === 'Succeeded') {
    return operation.result === undefined ? answerOf(reply) : { status: reply.status, body: operation.result };
  }
  return refuse('Conflict', `The operation '${operationId}' did not end: Postern is being stopped.`);
}

function answerOf({ status, body }: Reply): InnerAnswer {
  return { status, ...(body === undefined ? {} : { body }) };
}

/** What the stages refused, read back from the reply that they have written and recorded. */
function refusalOf({ refusal, status }: Reply): Refusal {
  return refusal ?? refuse('InternalServerError', `The request ended with the status ${status}.`);
}
