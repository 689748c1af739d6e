import { type Refusal, refuse } from '../../core/refusal.ts';
import { rememberTexts } from '../../core/remember.ts';

/** The access token of an Authorization header: bearer, or bound to a certificate (`mtls_pop`, as MSAL names it). Refuses `AuthenticationFailed` and `AuthenticationFailedInvalidHeader`. */
export function parseBearer(authorization: string | null): { readonly token: string } | Refusal {
  return parse(authorization ?? '');
}

// A client sends the same header with each request; its token is then the same string, found again without reading it.
const parse = rememberTexts(parseText, { limit: 2048, maxLength: 8192 });

function parseText(authorization: string): { readonly token: string } | Refusal {
  if (authorization.trim() === '') {
    return refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  const token = /^(?:bearer|mtls_pop) +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization)?.[1];
  if (token !== undefined) return { token };
  return refuse(
    'AuthenticationFailedInvalidHeader',
    "Authentication failed. The 'Authorization' header is provided in an invalid format.",
  );
}
