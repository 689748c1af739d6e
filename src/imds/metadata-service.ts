// The instance metadata service: what a machine asks of 169.254.169.254. It owns the wire of that address, from the raw
// request to the written answer; which machine asks, it is told by whoever holds the machine's socket.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../core/json.ts';
import type { Machines, MachineView } from '../core/ports/machines.ts';
import type { TokenIssuer } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Answer } from './answer.ts';
import { checkDoor, checkMethod } from './door.ts';
import { type EndpointPorts, endpointsOver } from './endpoints.ts';
import { identityError, metadataError } from './error-answer.ts';
import type { Gate } from './gate.ts';
import { readBody } from './read-body.ts';
import { findRoute, isIdentityTarget, type Route } from './routes.ts';
import { parseTarget, type Target } from './target.ts';
import { TokenCache } from './token-cache.ts';
import { answerToken } from './token-endpoint.ts';
import { findMeaning, MeaningMemo, type TokenMeaning } from './token-meaning.ts';
import { parseTokenRequest } from './token-request.ts';
import { writeAnswer } from './write-answer.ts';

/** What the metadata service needs from outside. `logger` hears of failures that are answered 500. */
export interface MetadataServiceOptions extends EndpointPorts {
  readonly machines: Machines;
  readonly issuer: TokenIssuer;
  /** Who is let in; by default everybody. */
  readonly gate?: Gate;
  readonly logger?: { error(message: string, fields: JsonObject): void };
}

/** The metadata service of every machine. */
export interface MetadataService {
  /** Answers a request that came in on this machine's own socket. */
  handle(request: IncomingMessage, response: ServerResponse, machineResourceId: string): void;
}

/** Opens the metadata service; tokens are held in memory until the process ends. */
export function openMetadataService(options: MetadataServiceOptions): MetadataService {
  const tokens = new TokenCache();
  const memo = new MeaningMemo();
  const endpoints = endpointsOver(options);

  function handle(request: IncomingMessage, response: ServerResponse, machineResourceId: string): void {
    const url = request.url ?? '/';
    const entered = options.gate?.(machineResourceId, isIdentityTarget(url));
    if (entered !== undefined && !isRefusal(entered)) response.once('close', entered);
    try {
      if (isRefusal(entered)) writeRefusal(response, url, entered);
      else answer(request, url, response, machineResourceId);
    } catch (failure) {
      fail(failure, response, url);
    }
  }

  function answer(request: IncomingMessage, url: string, response: ServerResponse, machineResourceId: string): void {
    const view = options.machines.view(machineResourceId);
    const refused = checkDoor(request.rawHeaders);
    const isKnown = refused === undefined && view !== undefined && request.method === 'GET';
    const recalled = isKnown ? memo.recall(view, url) : undefined;
    if (recalled !== undefined) grant(recalled, url, response);
    else give(answerOrMeaning(request, url, refused, view), url, response);
  }

  function give(found: ReturnType<typeof answerOrMeaning>, url: string, response: ServerResponse): void {
    if ('then' in found) finish(found, url, response);
    else if (isRefusal(found)) writeRefusal(response, url, found);
    else if ('slot' in found) grant(found, url, response);
    else writeAnswer(response, found);
  }

  /** The whole way: everything but a token has its answer at the end of it. */
  function answerOrMeaning(
    request: IncomingMessage,
    url: string,
    refused: Refusal | undefined,
    view: MachineView | undefined,
  ): Answer | TokenMeaning | Refusal | Promise<Answer | Refusal> {
    const target = parseTarget(url);
    if (isRefusal(target)) return target;
    const route = findRoute(target.segments);
    // Before the rules of the door: clients probe without the header, and take any 400 as a sign that the path exists.
    if (route === undefined) return refuse('imdsNotFound', 'There is no such path in the instance metadata service');
    const closed = checkMethod(request.method ?? '', route.methods) ?? (route.open === true ? undefined : refused);
    if (closed !== undefined) return closed;
    return route.endpoint === 'token' ? readToken(url, target, view) : answerOther(request, route, target, view);
  }

  function readToken(url: string, target: Target, view: MachineView | undefined): TokenMeaning | Refusal {
    const request = parseTokenRequest(target.query);
    if (isRefusal(request)) return request;
    if (view === undefined) return refuse('imdsIdentityNotFound', 'Identity not found');
    const meaning = findMeaning(view, request, tokens);
    if (!isRefusal(meaning)) memo.remember(url, meaning);
    return meaning;
  }

  function answerOther(
    request: IncomingMessage,
    { endpoint, below }: Route,
    { query }: Target,
    view: MachineView | undefined,
  ): Answer | Refusal | Promise<Answer | Refusal> {
    if (endpoint === 'token') throw new Error('tokens have a way of their own');
    if (view === undefined) return refuse('imdsNotFound', 'This machine no longer exists');
    const method = request.method ?? '';
    return endpoints[endpoint]({ view, method, below, query, readBody: () => readBody(request) });
  }

  function grant(meaning: TokenMeaning, url: string, response: ServerResponse): void {
    const refused = answerToken(options, meaning, response);
    if (refused !== undefined) finish(Promise.resolve(refused), url, response);
  }

  /** Writes what comes later; undefined is what has been written already. */
  function finish(later: Promise<Answer | Refusal | undefined>, url: string, response: ServerResponse): void {
    later
      .then((found) => {
        if (isRefusal(found)) writeRefusal(response, url, found);
        else if (found !== undefined) writeAnswer(response, found);
      })
      .catch((failure: unknown) => fail(failure, response, url));
  }

  function writeRefusal(response: ServerResponse, url: string, refusal: Refusal): void {
    writeAnswer(response, isIdentityTarget(url) ? identityError(refusal, options) : metadataError(refusal));
  }

  /** Broken I/O or a bug: an id for the caller, the cause for the operator. */
  function fail(failure: unknown, response: ServerResponse, url: string): void {
    const requestId = options.random.uuid();
    options.logger?.error('the metadata service could not answer', { requestId, cause: String(failure) });
    const what = isIdentityTarget(url) ? 'Failed to retrieve token from the Active directory.' : 'The request failed.';
    const message = `${what} For details see the log, request ${requestId}`;
    if (!response.headersSent) writeRefusal(response, url, refuse('imdsUnknown', message));
  }

  return { handle };
}
