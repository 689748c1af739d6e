import type { ServerResponse } from 'node:http';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory, ServicePrincipal } from '../core/ports/directory.ts';
import type { IssuedToken, TokenIssuer } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type EpochSeconds, toEpochSeconds } from '../core/time.ts';
import { machineClaimOf } from '../core/token/machine-claim.ts';
import { composeTokenAnswer } from './token-answer.ts';
import type { TokenMeaning } from './token-meaning.ts';

const identityNotFound = refuse('imdsIdentityNotFound', 'Identity not found');

/** What answering a token request needs. */
export interface TokenEndpoint {
  readonly issuer: TokenIssuer;
  readonly directory: Directory;
  readonly clock: Clock;
}

/**
 * Answers with the machine's token: the one that is held while it is good, else a new one. Undefined when the answer has
 * been written in this turn; otherwise a refusal to write, or a promise of either.
 */
export function answerToken(
  endpoint: TokenEndpoint,
  meaning: TokenMeaning,
  response: ServerResponse,
): Refusal | undefined | Promise<Refusal | undefined> {
  const now = toEpochSeconds(endpoint.clock.now());
  const principal = endpoint.directory.servicePrincipal(meaning.identity.principalId);
  if (principal === undefined) return identityNotFound;
  // A disabled principal goes past the cache, to the token service's own refusal.
  const usesCache = principal.accountEnabled && !meaning.request.bypassCache;
  const held = usesCache ? meaning.slot.fresh(now) : undefined;
  if (held === undefined || !endpoint.issuer.isStanding(held))
    return issueAndAnswer(endpoint, meaning, principal, response);
  writeToken(meaning, held, now, response);
  return undefined;
}

async function issueAndAnswer(
  endpoint: TokenEndpoint,
  meaning: TokenMeaning,
  principal: ServicePrincipal,
  response: ServerResponse,
): Promise<Refusal | undefined> {
  const issued = await meaning.slot.renew(() => issue(endpoint.issuer, meaning, principal));
  if (isRefusal(issued)) return issued;
  // It may have been deleted while the token was being signed.
  if (endpoint.directory.servicePrincipal(principal.objectId) === undefined) return identityNotFound;
  writeToken(meaning, issued, toEpochSeconds(endpoint.clock.now()), response);
  return undefined;
}

function issue(issuer: TokenIssuer, { view, identity, request }: TokenMeaning, principal: ServicePrincipal) {
  return issuer.issueManagedIdentityToken({
    principal,
    resource: request.resource,
    identityResourceId: identity.resourceId,
    ...machineClaimOf(identity, view.resourceId),
  });
}

/** Composed once a second at most: within one, the same bytes are the right ones. */
function writeToken(meaning: TokenMeaning, token: IssuedToken, now: EpochSeconds, response: ServerResponse): void {
  let prepared = meaning.prepared;
  if (prepared === undefined || prepared.second !== now || prepared.token !== token) {
    prepared = { ...composeTokenAnswer({ ...meaning, token }, now), token };
    meaning.prepared = prepared;
  }
  response.writeHead(200, prepared.head);
  response.end(prepared.body, 'latin1');
}
