import { formatEntraError } from '../core/errors/entra-error.ts';
import { type ImdsErrorCode, type ImdsWire, imdsErrors } from '../core/errors/imds.ts';
import { isOAuthErrorCode, type OAuthErrorCode, oauthErrors } from '../core/errors/oauth.ts';
import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Random } from '../core/ports/random.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { type Answer, json } from './answer.ts';
import { newestVersions } from './api-versions.ts';

/** How the endpoints outside identity begin a message. */
const openings = {
  400: 'Bad request',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  410: 'Gone',
  429: 'Too many requests',
  500: 'Internal server error',
} as const satisfies Record<ImdsWire['status'], string>;

/**
 * A refusal in the identity endpoints' shape: `error`, `error_description`; a refusal of the token service with all the
 * fields that Entra gives it. @see Azure REST API specifications, imds 2023-07-01, IdentityErrorResponse
 */
export function identityError(refusal: Refusal, context: { readonly clock: Clock; readonly random: Random }): Answer {
  if (isOAuthErrorCode(refusal.refused)) return entraError(refusal, refusal.refused, context);
  const { status, error } = imdsErrors[imdsCode(refusal)];
  return json({ error, error_description: refusal.message, ...versions(refusal) }, status, refusal.headers);
}

/** A refusal in the other endpoints' shape: `error` alone, a sentence. @see the same document, ErrorResponse */
export function metadataError(refusal: Refusal): Answer {
  const code = imdsCode(refusal);
  const { status } = imdsErrors[code];
  // The one message whose whole wording is documented.
  const opening = code === 'imdsNoLoadBalancer' ? '' : `${openings[status]}. `;
  return json({ error: `${opening}${refusal.message}`, ...versions(refusal) }, status, refusal.headers);
}

/** What is said of broken I/O and bugs: where the log has the cause, and nothing of it. */
export function failed(isIdentity: boolean, requestId: string): Refusal {
  const what = isIdentity ? 'Failed to retrieve token from the Active directory.' : 'The request failed.';
  return refuse('imdsUnknown', `${what} For details see the log, request ${requestId}`);
}

function versions(refusal: Refusal): JsonObject {
  return refusal.refused === 'imdsApiVersion' ? { 'newest-versions': [...newestVersions] } : {};
}

/** What is neither ours nor the token service's has no wire form here: it is answered as an unknown failure. */
function imdsCode(refusal: Refusal): ImdsErrorCode {
  return Object.hasOwn(imdsErrors, refusal.refused) ? (refusal.refused as ImdsErrorCode) : 'imdsUnknown';
}

/** Entra's failure, passed through under ids of our own. */
function entraError(
  { message }: Refusal,
  code: OAuthErrorCode,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Answer {
  const trace = { traceId: random.uuid(), correlationId: random.uuid(), now: clock.now() };
  return json(formatEntraError(code, message, trace, '\r\n'), oauthErrors[code].status);
}
