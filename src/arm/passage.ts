import type { Json } from '../core/json.ts';
import type { VerifiedToken } from '../core/ports/token-verifier.ts';
import { type AccessFacts, factsOfCaller } from '../core/rbac/access-facts.ts';
import type { Grant } from '../core/rbac/decision.ts';
import type { Arrival } from './parse/arrival.ts';
import { linkOf } from './parse/arrival.ts';
import { parseEtag } from './parse/etag.ts';
import type { Target } from './parse/target.ts';
import type { Call } from './provider-contract.ts';
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
    link: (query) => linkOf(arrival, query),
  };
}

/** What decisions about the passage are made by, beside who asks for what and where. */
export function accessFactsOf({ arrival, caller }: Pick<Passage, 'arrival' | 'caller'>): AccessFacts {
  return factsOfCaller(caller, arrival.now);
}

/** What the passage's events in the activity log share. */
export function factsOf(passage: Passage, action: string, grant: Grant | undefined): SharedFacts {
  const { arrival, caller, place, body } = passage;
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
