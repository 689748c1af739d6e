import { documentKey, type Store } from '../../core/ports/store.ts';
import type { VerifiedToken } from '../../core/ports/token-verifier.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { rememberObjects } from '../../core/remember.ts';
import type { Reply } from '../respond/respond.ts';
import { operationKey, parseOperation } from './operation.ts';
import { resultReply, statusReply } from './status.ts';

/** A poll: which operation, at which of its two URLs. */
export interface Poll {
  readonly kind: 'status' | 'result';
  readonly operationId: string;
}

const guid = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const statusPath = new RegExp(`^(?:subscriptions/[^/]+/)?providers/[^/]+/locations/[^/]+/operations/${guid}$`, 'i');
const resultPath = new RegExp(`^(?:subscriptions/[^/]+/)?operationresults/${guid}$`, 'i');

/** The endpoints at which operations are polled, as templates. */
export const pollPaths: readonly string[] = [
  '/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}/locations/{location}/operations/{operationId}',
  '/subscriptions/{subscriptionId}/operationresults/{operationId}',
  '/providers/{resourceProviderNamespace}/locations/{location}/operations/{operationId}',
  '/operationresults/{operationId}',
];

/** Reads a poll's path; undefined when the request is none. */
export function parsePoll(method: string, segments: readonly string[]): Poll | undefined {
  return method === 'GET' ? readPoll(segments) : undefined;
}

const readPoll = rememberObjects((segments: readonly string[]): Poll | undefined => {
  const path = segments.join('/');
  const ofStatus = statusPath.exec(path)?.[1];
  if (ofStatus !== undefined) return { kind: 'status', operationId: ofStatus };
  const ofResult = resultPath.exec(path)?.[1];
  return ofResult === undefined ? undefined : { kind: 'result', operationId: ofResult };
});

/**
 * Answers a poll. Whoever of the tenant knows the id may poll it (it is random); under another subscription than its own,
 * or for another tenant, the operation does not exist: `OperationNotFound`.
 */
export async function answerPoll(
  store: Store,
  poll: Poll,
  from: {
    readonly caller: VerifiedToken;
    readonly subscriptionId: string | undefined;
    readonly segments: readonly string[];
    readonly origin: string;
  },
): Promise<Reply | Refusal> {
  const document = await store.get(operationKey(poll.operationId));
  const operation = document === undefined ? undefined : parseOperation(document.body);
  if (
    operation === undefined ||
    operation.tenantId !== from.caller.tenantId ||
    !isSame(operation.subscriptionId, from)
  ) {
    return refuse('OperationNotFound', `The operation '${poll.operationId}' could not be found.`);
  }
  return poll.kind === 'status'
    ? statusReply(operation, `/${from.segments.join('/')}`)
    : resultReply(operation, from.origin);
}

function isSame(subscriptionId: string | undefined, from: { readonly subscriptionId: string | undefined }): boolean {
  return documentKey(subscriptionId ?? '') === documentKey(from.subscriptionId ?? '');
}
