import type { Json } from '../core/json.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { decideApiVersion, parseApiVersion } from './api-version/api-version.ts';
import { authenticate, decideStanding } from './authenticate/authenticate.ts';
import { withChallenge } from './authenticate/challenge.ts';
import { checkSubscription, subscriptionOf } from './containers/subscription.ts';
import type { Door } from './door.ts';
import { answerPoll, parsePoll } from './operations/poll.ts';
import { type Arrival, isRead } from './parse/arrival.ts';
import { noBody, readBody } from './parse/body.ts';
import type { Target } from './parse/target.ts';
import type { Passage } from './passage.ts';
import type { Reply } from './respond/respond.ts';
import type { Destination } from './route/find-route.ts';
import { refuseUnmatched } from './route/unmatched.ts';

/** A request that knows its caller: its version and its subscription hold. */
interface Known extends Pick<Passage, 'arrival' | 'target' | 'caller' | 'apiVersion'> {
  /** Of a request from within: its body, which nobody has to read. */
  readonly inner?: { readonly json: Json | undefined };
}

/**
 * The door's first half, in ARM's order: api-version, who asks, the subscription, then the route and the body. Answers a
 * passage, or at once: a refusal, or what a poll of a long-running operation is answered.
 */
export async function admit(door: Door, arrival: Arrival, target: Target): Promise<Passage | Reply | Refusal> {
  const known = await identify(door, arrival, target);
  if (isRefusal(known)) return known;
  const poll = parsePoll(arrival.method, target.segments);
  if (poll === undefined) return findRoute(door, known);
  return answerPoll(door.context.store, poll, {
    caller: known.caller,
    subscriptionId: subscriptionOf(target.segments),
    segments: target.segments,
    origin: arrival.origin,
  });
}

/** The same of a request from within, whose caller's token has been read. */
export async function admitInner(door: Door, known: Required<Known>): Promise<Passage | Refusal> {
  const caller = decideStanding(door.authentication, known.caller);
  if (isRefusal(caller)) return caller;
  return (await findSubscription(door, known.target)) ?? findRoute(door, known);
}

async function identify(door: Door, arrival: Arrival, target: Target): Promise<Known | Refusal> {
  const apiVersion = parseApiVersion(target.query);
  if (isRefusal(apiVersion)) return apiVersion;
  const subscriptionId = subscriptionOf(target.segments);
  const { authentication } = door;
  const authorization = arrival.request.headers.get('authorization');
  const caller = await authenticate(authentication, authorization, arrival.now, arrival.shown);
  if (isRefusal(caller)) {
    return withChallenge(caller, arrival.origin, subscriptionId === undefined ? undefined : authentication.tenantId);
  }
  return (await findSubscription(door, target)) ?? { arrival, target, caller, apiVersion };
}

async function findSubscription({ context }: Door, { segments }: Target): Promise<Refusal | undefined> {
  const subscriptionId = subscriptionOf(segments);
  return subscriptionId === undefined ? undefined : checkSubscription(context.store, subscriptionId);
}

async function findRoute(door: Door, known: Known): Promise<Passage | Refusal> {
  const { arrival, target, caller, apiVersion, inner } = known;
  const own = door.findRoute(arrival.method, target);
  const found = 'match' in own ? own : await findOther(door, known, own.methods);
  if (isRefusal(found)) return found;
  const { bodiless, lenient } = found.match.route.operation;
  const takesNone = isRead(arrival.method) || bodiless === true;
  const body = takesNone ? noBody : (inner ?? (await readBody(arrival.request, lenient === true)));
  const wrongVersion = decideApiVersion(apiVersion, found.match.route, isRefusal(body) ? undefined : body.json);
  if (wrongVersion !== undefined) return wrongVersion;
  return isRefusal(body) ? body : { arrival, target, caller, apiVersion, ...found, body: body.json };
}

/** Where no provider's own route answers: what is kept as a document, or why there is nothing. */
async function findOther(
  door: Door,
  { arrival, target, apiVersion }: Known,
  ownMethods: readonly string[],
): Promise<Destination | Refusal> {
  const none = { methods: ownMethods };
  const found = ownMethods.length > 0 ? none : await door.findGenericRoute(arrival.method, target);
  if (isRefusal(found) || 'match' in found) return found;
  return refuseUnmatched(await door.catalog(), arrival.method, target.segments, found.methods, apiVersion);
}
