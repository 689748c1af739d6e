import type { Refusal } from '../../core/refusal.ts';
import { isPublicOrigin } from '../parse/origin.ts';

/**
 * A 401 with the challenge that clients read: `authorization_uri` names the authority of the tenant, which tools use to
 * discover a subscription's tenant; without a subscription in the path the tenant is left empty.
 * @see Azure PowerShell, which parses `authorization_uri`
 */
export function withChallenge(refusal: Refusal, origin: string, tenantId: string | undefined): Refusal {
  const authority = isPublicOrigin(origin) ? 'https://login.windows.net' : origin;
  const parameters = [
    `authorization_uri="${authority}/${tenantId ?? ''}"`,
    'error="invalid_token"',
    `error_description="${quotable(refusal.message)}"`,
  ];
  return { ...refusal, headers: { ...refusal.headers, 'WWW-Authenticate': `Bearer ${parameters.join(', ')}` } };
}

/** Printable ASCII without quotes: what a quoted-string of a header may carry unescaped. */
function quotable(message: string): string {
  return message.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, '?');
}
