import type { ServerResponse } from 'node:http';
import type { AccessVerdict } from '../core/ports/access-guard.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory, ServicePrincipal } from '../core/ports/directory.ts';
import type { IssuedToken, TokenIssuer } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type EpochSeconds, toEpochSeconds } from '../core/time.ts';
import { machineClaimOf } from '../core/token/machine-claim.ts';
import { failureOf, type Outcome, type RecordedRequest, type SignInRecords } from './sign-in-records.ts';
import { composeTokenAnswer } from './token-answer.ts';
import type { TokenMeaning } from './token-meaning.ts';

const unknown = refuse('imdsUnknown', 'The token could not be issued');
const identityNotFound = refuse('imdsIdentityNotFound', 'Identity not found');

/** What answering a token request needs. */
export interface TokenEndpoint {
  readonly issuer: TokenIssuer;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly records: SignInRecords;
}

/** A token request that has passed in-VM access control. */
export interface AdmittedRequest extends RecordedRequest {
  readonly response: ServerResponse;
}

/**
 * Answers with the token that this user of the machine holds while it is good, else with a new one, which leaves only once
 * it is recorded. Undefined when the answer has been written in this turn; otherwise a promise, of undefined or of a
 * refusal to write, which is recorded already.
 */
export function answerToken(
  endpoint: TokenEndpoint,
  meaning: TokenMeaning,
  admitted: AdmittedRequest,
  verdict: AccessVerdict | undefined,
): undefined | Promise<Refusal | undefined> {
  const now = toEpochSeconds(endpoint.clock.now());
  const principal = endpoint.directory.servicePrincipal(meaning.identity.principalId);
  // A disabled principal goes past the cache, to the token service's own refusal.
  const usesCache = principal?.accountEnabled === true && !meaning.request.bypassCache;
  const held = usesCache ? meaning.slot.fresh(now) : undefined;
  if (held === undefined || !endpoint.issuer.isStanding(held)) {
    return issueAndAnswer(endpoint, meaning, principal, admitted, verdict);
  }
  const handedOver = { outcome: 'handedOver', uti: held.uti } as const;
  const waits = endpoint.records.note(meaning.passage, admitted, verdict, handedOver);
  if (waits !== undefined) {
    return waits.then(() => {
      writeToken(meaning, held, now, admitted.response);
      return undefined;
    });
  }
  writeToken(meaning, held, now, admitted.response);
  return undefined;
}

async function issueAndAnswer(
  endpoint: TokenEndpoint,
  meaning: TokenMeaning,
  principal: ServicePrincipal | undefined,
  admitted: AdmittedRequest,
  verdict: AccessVerdict | undefined,
): Promise<Refusal | undefined> {
  // Whoever asks while it is on its way is handed the same one.
  const outcome = meaning.slot.isPending ? 'handedOver' : 'issued';
  const issued =
    principal === undefined
      ? identityNotFound
      : await meaning.slot
          .renew(() => issue(endpoint.issuer, meaning, principal))
          .catch((error: unknown) => {
            endpoint.records.note(meaning.passage, admitted, verdict, failureOf(unknown));
            throw error;
          });
  // It may have been deleted while the token was being signed.
  const isThere = endpoint.directory.servicePrincipal(meaning.identity.principalId) !== undefined;
  const found = isThere ? issued : identityNotFound;
  const recorded: Outcome = isRefusal(found) ? failureOf(found) : { outcome, uti: found.uti };
  await endpoint.records.record(meaning.passage, admitted, verdict, recorded);
  if (isRefusal(found)) return found;
  writeToken(meaning, found, toEpochSeconds(endpoint.clock.now()), admitted.response);
  return undefined;
}

/** INVARIANT: the token names the user for whom the slot is. One for nobody in particular names none. */
function issue(issuer: TokenIssuer, { view, user, identity, request }: TokenMeaning, principal: ServicePrincipal) {
  const { resourceId } = view;
  return issuer.issueManagedIdentityToken({
    principal,
    resource: request.resource,
    identityResourceId: identity.resourceId,
    ...machineClaimOf(identity, resourceId),
    ...(user === undefined ? {} : { actor: { userName: user.userName, uid: user.uid, machineResourceId: resourceId } }),
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
