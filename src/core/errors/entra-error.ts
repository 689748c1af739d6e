import type { JsonObject } from '../json.ts';
import type { EpochMillis } from '../time.ts';
import { type OAuthErrorCode, oauthErrors } from './oauth.ts';

/** What names one exchange in its error. */
export interface ErrorTrace {
  readonly traceId: string;
  /** The caller's `client-request-id`, or one of ours. */
  readonly correlationId: string;
  readonly now: EpochMillis;
}

/**
 * A failure of the token service in Entra's error shape. `separator` stands between the description's parts: a space in the
 * answers of today's token endpoint, a line break in those that IMDS passes through.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, "Error response"
 */
export function formatEntraError(
  code: OAuthErrorCode,
  message: string,
  { traceId, correlationId, now }: ErrorTrace,
  separator: ' ' | '\r\n',
): JsonObject {
  const number = Number(code.slice('AADSTS'.length));
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const trail = [`Trace ID: ${traceId}`, `Correlation ID: ${correlationId}`, `Timestamp: ${timestamp}`];
  return {
    error: oauthErrors[code].error,
    error_description: [`${code}: ${message}`, ...trail].join(separator),
    error_codes: [number],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
  };
}
