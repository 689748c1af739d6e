import type { AttachedIdentity } from '../core/ports/machines.ts';
import type { IssuedToken } from '../core/ports/token-issuer.ts';
import type { EpochSeconds } from '../core/time.ts';
import { json } from './answer.ts';
import type { TokenRequest } from './token-request.ts';
import { formatHead } from './write-answer.ts';

/** A token answer, ready to be written: it holds for the one second of its `expires_in`. */
export interface PreparedAnswer {
  readonly second: EpochSeconds;
  readonly head: string[];
  readonly body: string;
}

/** A token with what was asked and for whom. */
export interface TokenGrant {
  readonly token: IssuedToken;
  readonly identity: AttachedIdentity;
  readonly request: TokenRequest;
}

/**
 * Composes the answer to a token request. Every value is a string, the fields are in alphabetical order: MSAL .NET lets the
 * last of `expires_in` and `expires_on` win, MSAL Python reads the first, msal-node the second. The selectors that name the
 * identity by object or resource id are echoed as they were asked for.
 * @see Azure REST API specifications, imds 2023-07-01, IdentityTokenResponse
 */
export function composeTokenAnswer(grant: TokenGrant, second: EpochSeconds): PreparedAnswer {
  const { token, identity, request } = grant;
  const { objectId, msiResId } = request.selectors;
  const answer = json({
    access_token: token.accessToken,
    client_id: identity.clientId,
    expires_in: String(token.expiresOn - second),
    expires_on: String(token.expiresOn),
    ext_expires_in: '86399',
    ...(msiResId === undefined ? {} : { msi_res_id: msiResId }),
    not_before: String(token.notBefore),
    ...(objectId === undefined ? {} : { object_id: objectId }),
    resource: request.resource,
    token_type: 'Bearer',
  });
  return { second, head: formatHead(answer), body: answer.body };
}
