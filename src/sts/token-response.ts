import type { JsonObject } from '../core/json.ts';
import type { IssuedToken } from '../core/ports/token-issuer.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { TokenRequest } from './token-request.ts';

/**
 * The token response (RFC 6749 section 5.1) in Entra's shapes. `expires_in` is a second short of the true rest, as in Entra's
 * answers. Version 1: every value is text.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, "Successful response"
 */
export function formatTokenResponse(
  token: IssuedToken,
  { form, resource, tokenType }: TokenRequest,
  now: EpochSeconds,
): JsonObject {
  const expiresIn = token.expiresOn - now - 1;
  if (form !== 'v1') {
    return { token_type: tokenType, expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token.accessToken };
  }
  return {
    token_type: tokenType,
    expires_in: String(expiresIn),
    ext_expires_in: String(expiresIn),
    expires_on: String(token.expiresOn),
    not_before: String(token.notBefore),
    resource,
    access_token: token.accessToken,
  };
}
