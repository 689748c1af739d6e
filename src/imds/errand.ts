import type { LocalUser } from '../core/access/caller.ts';
import { selectIdentity } from '../core/identity/select-identity.ts';
import type { AttachedIdentity, MachineView } from '../core/ports/machines.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { type Passage, passageOf } from './passage.ts';
import type { EndpointName, Route } from './routes.ts';
import type { Target } from './target.ts';
import type { TokenCache } from './token-cache.ts';
import { meaningOf, type TokenMeaning } from './token-meaning.ts';
import { parseSelectors, parseTokenRequest } from './token-request.ts';

/** A request for another endpoint than the tokens'. */
export interface OtherErrand {
  readonly view: MachineView;
  readonly passage: Passage;
  readonly endpoint: Exclude<EndpointName, 'token'>;
  readonly below: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

/** A token request that is going to be refused. It too passes access control first: who is denied learns nothing else. */
export interface FutileErrand {
  readonly view: MachineView;
  readonly passage: Passage;
  readonly refusal: Refusal;
}

/** What a request to a known path asks for, before in-VM access control has been asked. */
export type Errand = TokenMeaning | OtherErrand | FutileErrand;

/** The endpoints that mean one of the machine's identities, beside the tokens'. */
const identityEndpoints: readonly EndpointName[] = ['platformMetadata', 'issueCredential'];

/** Reads what a user asks of a machine. */
export function findErrand(
  view: MachineView,
  user: LocalUser | undefined,
  { endpoint, below }: Route,
  target: Target,
  tokens: TokenCache,
): Errand {
  const { query } = target;
  if (endpoint === 'token') return findTokenErrand(view, user, target, tokens);
  const identity = identityEndpoints.includes(endpoint) ? findIdentity(view, query) : undefined;
  return { view, endpoint, below, query, passage: passageOf(view.resourceId, user, target, identity) };
}

function findTokenErrand(
  view: MachineView,
  user: LocalUser | undefined,
  target: Target,
  tokens: TokenCache,
): TokenMeaning | FutileErrand {
  const request = parseTokenRequest(target.query);
  const identity = isRefusal(request) ? request : selectIdentity(view.identities, request.selectors);
  if (!isRefusal(request) && !isRefusal(identity)) return meaningOf(view, user, target, request, identity, tokens);
  const refusal = identity as Refusal;
  return { view, refusal, passage: passageOf(view.resourceId, user, target, findIdentity(view, target.query)) };
}

/** The identity that a query selects, if it selects one. */
function findIdentity(view: MachineView, query: ReadonlyMap<string, string>): AttachedIdentity | undefined {
  const selectors = parseSelectors(query);
  const identity = isRefusal(selectors) ? selectors : selectIdentity(view.identities, selectors);
  return isRefusal(identity) ? undefined : identity;
}
