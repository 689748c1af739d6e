import { conceal } from '../core/conceal.ts';
import type { Json } from '../core/json.ts';
import type { VerifiedToken } from '../core/ports/token-verifier.ts';
import { type AccessFacts, factsOfCaller } from '../core/rbac/access-facts.ts';
import type { Grant } from '../core/rbac/decision.ts';
import type { Arrival } from './parse/arrival.ts';
import { linkOf } from './parse/arrival.ts';
import { parseEtag } from './parse/etag.ts';
import type { Target } from './parse/target.ts';
import type { Call, Operation } from './provider-contract.ts';
import type { SharedFacts } from './record/record.ts';
import type { Destination } from './route/find-route.ts';

/** A request of a known caller to a known route: what the stages from the permission on work with. */
export interface Passage extends Destination {
  readonly arrival: Arrival;
  readonly target: Target;
  readonly caller: VerifiedToken;
  readonly apiVersion: string;
  readonly body: Json | undefined;
}

/** The passage as a provider sees it. */
export function callOf({ arrival, target, caller, apiVersion, match, place, body }: Passage): Call {
  const ifMatch = parseEtag(arrival.request.headers.get('if-match'));
  const ifNoneMatch = parseEtag(arrival.request.headers.get('if-none-match'));
  return {
    caller,
    params: match.params,
    resourceId: place.resourceId,
    apiVersion,
    query: target.query,
    body,
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    now: arrival.now,
    facts: accessFactsOf({ arrival, caller }),
    origin: arrival.origin,
    correlationId: arrival.ids.correlationId,
    ...(arrival.clientAddress === undefined ? {} : { clientAddress: arrival.clientAddress }),
    ...(arrival.secrets === undefined ? {} : { secrets: arrival.secrets }),
    ...(arrival.stackId === undefined ? {} : { stackId: arrival.stackId }),
    link: (query) => linkOf(arrival, query),
  };
}

const noSecrets: ReadonlySet<string> = new Set();

/** What decisions about the passage are made by, beside who asks for what and where. */
export function accessFactsOf({ arrival, caller }: Pick<Passage, 'arrival' | 'caller'>): AccessFacts {
  const { now, stackId } = arrival;
  const facts = factsOfCaller(caller, now);
  return stackId === undefined ? facts : { ...facts, stackId };
}

/** What the passage's events in the activity log share. */
export function factsOf(passage: Passage, action: string, grant: Grant | undefined): SharedFacts {
  const { arrival, caller, place, match } = passage;
  const body = recordedBody(passage.body, match.route.operation, arrival.secrets ?? noSecrets);
  const { correlationId, requestId, clientRequestId } = arrival.ids;
  return {
    correlationId,
    operationId: requestId,
    method: arrival.method,
    uri: linkOf(arrival, {}),
    action,
    scope: place.permissionScope,
    resourceId: place.resourceId,
    caller,
    tenantId: caller.tenantId,
    ...(place.subscriptionId === undefined ? {} : { subscriptionId: place.subscriptionId }),
    ...(arrival.clientAddress === undefined ? {} : { clientIpAddress: arrival.clientAddress }),
    ...(clientRequestId === undefined ? {} : { clientRequestId }),
    ...(grant === undefined ? {} : { evidence: { grant } }),
    ...(body === undefined ? {} : { requestBody: body }),
  };
}

function recordedBody(body: Json | undefined, operation: Operation, secrets: ReadonlySet<string>): Json | undefined {
  if (body === undefined) return undefined;
  return conceal(operation.recordedBody?.(body) ?? body, secrets);
}
