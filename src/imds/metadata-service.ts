// The instance metadata service: what a machine asks of 169.254.169.254. It owns the wire of that address, from the raw
// request to the written answer; which machine asks, and who on it, it is told by whoever holds the machine's socket.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalUser } from '../core/access/caller.ts';
import type { JsonObject } from '../core/json.ts';
import type { AccessGuard, AccessVerdict } from '../core/ports/access-guard.ts';
import type { Caller } from '../core/ports/caller.ts';
import type { Machines, MachineView } from '../core/ports/machines.ts';
import type { SignInRecorder } from '../core/ports/sign-in-log.ts';
import type { TokenIssuer } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { findDenial } from './denial.ts';
import { checkDoor, checkMethod } from './door.ts';
import { type EndpointPorts, endpointsOver } from './endpoints.ts';
import { type Errand, findErrand, type OtherErrand } from './errand.ts';
import { failed, identityError, metadataError } from './error-answer.ts';
import type { Gate } from './gate.ts';
import { readBody } from './read-body.ts';
import { findRoute, isIdentityTarget } from './routes.ts';
import { failureOf, SignInRecords } from './sign-in-records.ts';
import { parseTarget } from './target.ts';
import { TokenCache } from './token-cache.ts';
import { type AdmittedRequest, answerToken } from './token-endpoint.ts';
import { MeaningMemo, type TokenMeaning } from './token-meaning.ts';
import { writeAnswer } from './write-answer.ts';

/** What the metadata service needs from outside. `logger` hears of failures that are answered 500. */
export interface MetadataServiceOptions extends EndpointPorts {
  readonly machines: Machines;
  readonly issuer: TokenIssuer;
  /** Where each hand-over, denial and failure is recorded. */
  readonly signIns: SignInRecorder;
  /** In-VM access control; by default no machine has any. */
  readonly guard?: AccessGuard;
  /** Who is let in; by default everybody. */
  readonly gate?: Gate;
  readonly logger?: { error(message: string, fields: JsonObject): void };
}

/** The metadata service of every machine. */
export interface MetadataService {
  /** Answers a request that came in on this machine's own socket, from this caller. */
  handle(request: IncomingMessage, response: ServerResponse, machineResourceId: string, caller: Caller): void;
}

/** A request with who sent it. */
interface Arrival extends AdmittedRequest {
  readonly request: IncomingMessage;
  readonly url: string;
  readonly machineResourceId: string;
  readonly user: LocalUser | undefined;
}

const noIdentity = refuse('imdsIdentityNotFound', 'Identity not found');
const noMachine = refuse('imdsNotFound', 'This machine no longer exists');

/** Opens the metadata service; tokens are held in memory until the process ends. */
export function openMetadataService(options: MetadataServiceOptions): MetadataService {
  const tokens = new TokenCache();
  const memo = new MeaningMemo();
  const endpoints = endpointsOver(options);
  const records = new SignInRecords(options);
  const { issuer, directory, clock, guard } = options;
  const tokenEndpoint = { issuer, directory, clock, records };

  function handle(request: IncomingMessage, response: ServerResponse, machineResourceId: string, caller: Caller): void {
    const url = request.url ?? '/';
    const entered = options.gate?.(machineResourceId, url);
    if (entered !== undefined && !isRefusal(entered)) response.once('close', entered);
    try {
      if (isRefusal(entered)) writeRefusal(response, url, entered);
      else arrive(request, response, url, machineResourceId, caller);
    } catch (failure) {
      fail(failure, response, url);
    }
  }

  /** Only the first request of a connection may have to wait until it is known who sends it. */
  function arrive(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    machineResourceId: string,
    caller: Caller,
  ): void {
    const { rawHeaders } = request;
    const from = (user: LocalUser | undefined) =>
      answer({ request, response, url, machineResourceId, caller, rawHeaders, user });
    const user = caller.user();
    if (user === undefined || 'uid' in user) from(user);
    else finish(user.then(from), url, response);
  }

  function answer(arrival: Arrival): void {
    const { request, response, url, user } = arrival;
    const view = options.machines.view(arrival.machineResourceId);
    const refused = checkDoor(arrival.rawHeaders);
    const isKnown = refused === undefined && view !== undefined && request.method === 'GET';
    const errand = (isKnown ? memo.recall(view, user, url) : undefined) ?? read(arrival, refused, view);
    if (isRefusal(errand)) writeRefusal(response, url, errand);
    else admit(arrival, errand);
  }

  /** The whole way to what is asked for. */
  function read(arrival: Arrival, refused: Refusal | undefined, view: MachineView | undefined): Errand | Refusal {
    const target = parseTarget(arrival.url);
    if (isRefusal(target)) return target;
    const route = findRoute(target.segments);
    // Before the rules of the door: clients probe without the header, and take any 400 as a sign that the path exists.
    if (route === undefined) return refuse('imdsNotFound', 'There is no such path in the instance metadata service');
    const { method = '' } = arrival.request;
    const closed = checkMethod(method, route.methods) ?? (route.open === true ? undefined : refused);
    if (closed !== undefined) return closed;
    if (view === undefined) return route.endpoint === 'token' ? noIdentity : noMachine;
    const errand = findErrand(view, arrival.user, route, target, tokens);
    if ('slot' in errand) memo.remember(arrival.url, errand);
    return errand;
  }

  /** Asks in-VM access control. */
  function admit(arrival: Arrival, errand: Errand): void {
    const { machineResourceId, caller, response, url } = arrival;
    const verdict = guard?.decide({ machineResourceId, request: errand.passage.canonical, caller });
    if (verdict === undefined || 'mode' in verdict) proceed(arrival, errand, verdict);
    else
      finish(
        verdict.then((found) => resume(arrival, errand, found)),
        url,
        response,
      );
  }

  /** The machine may have lost the identity in the meantime: then what is asked for is read anew. */
  function resume(arrival: Arrival, errand: Errand, verdict: AccessVerdict): void {
    if (options.machines.view(arrival.machineResourceId) === errand.view) proceed(arrival, errand, verdict);
    else answer(arrival);
  }

  function proceed(arrival: Arrival, errand: Errand, verdict: AccessVerdict | undefined): void {
    const { response, url } = arrival;
    const denial = findDenial(verdict, arrival.user, arrival.machineResourceId);
    if (denial !== undefined) {
      records.note(errand.passage, arrival, verdict, { outcome: 'denied' });
      writeRefusal(response, url, denial);
    } else if ('slot' in errand) {
      grant(arrival, errand, verdict);
    } else if ('refusal' in errand) {
      records.note(errand.passage, arrival, verdict, failureOf(errand.refusal));
      writeRefusal(response, url, errand.refusal);
    } else {
      finish(answerOther(arrival, errand, verdict), url, response);
    }
  }

  function grant(arrival: Arrival, meaning: TokenMeaning, verdict: AccessVerdict | undefined): void {
    const { response, url } = arrival;
    const later = answerToken(tokenEndpoint, meaning, arrival, verdict);
    if (later !== undefined)
      finish(
        later.then((refused) => refused && writeRefusal(response, url, refused)),
        url,
        response,
      );
  }

  async function answerOther(
    { request, response, url, ...asked }: Arrival,
    { endpoint, view, below, query, passage }: OtherErrand,
    verdict: AccessVerdict | undefined,
  ): Promise<void> {
    const method = request.method ?? '';
    const found = await endpoints[endpoint]({ view, method, below, query, readBody: () => readBody(request) });
    if (endpoint === 'issueCredential') {
      await records.record(passage, asked, verdict, isRefusal(found) ? failureOf(found) : { outcome: 'issued' });
    } else if (verdict !== undefined && (verdict.mode === 'Audit' || verdict.decision === 'Deny')) {
      await records.note(passage, asked, verdict, isRefusal(found) ? failureOf(found) : { outcome: 'handedOver' });
    }
    if (isRefusal(found)) writeRefusal(response, url, found);
    else writeAnswer(response, found);
  }

  function finish(later: Promise<unknown>, url: string, response: ServerResponse): void {
    later.catch((failure: unknown) => fail(failure, response, url));
  }

  function writeRefusal(response: ServerResponse, url: string, refusal: Refusal): void {
    writeAnswer(response, isIdentityTarget(url) ? identityError(refusal, options) : metadataError(refusal));
  }

  /** Broken I/O or a bug: an id for the caller, the cause for the operator. */
  function fail(failure: unknown, response: ServerResponse, url: string): void {
    const requestId = options.random.uuid();
    options.logger?.error('the metadata service could not answer', { requestId, cause: String(failure) });
    if (!response.headersSent) writeRefusal(response, url, failed(isIdentityTarget(url), requestId));
  }

  return { handle };
}
