import { type OAuthErrorCode, type OAuthWire, oauthErrors } from '../core/errors/oauth.ts';
import type { JsonObject } from '../core/json.ts';
import type { Refusal } from '../core/refusal.ts';
import type { EpochMillis } from '../core/time.ts';

/** What names one exchange in its error. */
export interface ErrorTrace {
  readonly traceId: string;
  /** The caller's `client-request-id`, or one of ours. */
  readonly correlationId: string;
  readonly now: EpochMillis;
}

/**
 * A refusal in Entra's error shape, with its status.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, "Error response"
 */
export function formatOAuthError(
  refusal: Refusal,
  trace: ErrorTrace,
): { status: OAuthWire['status']; body: JsonObject } {
  if (!isOAuthCode(refusal.refused)) throw new Error(`the token service cannot answer '${refusal.refused}'`);
  const { status, error } = oauthErrors[refusal.refused];
  const number = Number(refusal.refused.slice('AADSTS'.length));
  const timestamp = new Date(trace.now).toISOString().replace('T', ' ').replace(/\.\d+/, '');
  const facts = `Trace ID: ${trace.traceId} Correlation ID: ${trace.correlationId} Timestamp: ${timestamp}`;
  const body = {
    error,
    error_description: `${refusal.refused}: ${refusal.message} ${facts}`,
    error_codes: [number],
    timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
  };
  return { status, body };
}

function isOAuthCode(code: Refusal['refused']): code is OAuthErrorCode {
  return code in oauthErrors;
}
