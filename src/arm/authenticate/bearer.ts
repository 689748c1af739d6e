import { type Refusal, refuse } from '../../core/refusal.ts';

/** The access token of an Authorization header. Refuses `AuthenticationFailed` and `AuthenticationFailedInvalidHeader`. */
export function parseBearer(authorization: string | null): { readonly token: string } | Refusal {
  if (authorization === null || authorization.trim() === '') {
    return refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization)?.[1];
  if (token !== undefined) return { token };
  return refuse(
    'AuthenticationFailedInvalidHeader',
    "Authentication failed. The 'Authorization' header is provided in an invalid format.",
  );
}
