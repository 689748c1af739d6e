import type { Directory } from '../../core/ports/directory.ts';
import type { TokenRejection, TokenVerifier, VerifiedToken } from '../../core/ports/token-verifier.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { graphAppId } from '../../core/token/audiences.ts';

/** What deciding about a caller needs. */
export interface AuthorizePorts {
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  readonly origin: () => string;
}

/**
 * Who asks. Refuses `InvalidAuthenticationToken`; a deleted or disabled principal's token at once, as Resource Manager does.
 */
export async function authenticate(
  authorization: string | undefined,
  ports: AuthorizePorts,
): Promise<VerifiedToken | Refusal> {
  const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return refuseToken('Access token is empty.');
  const verified = await ports.verifier.verify(token, graphAudiences(ports.origin()));
  if ('rejected' in verified) return refuseToken(formatRejection(verified));
  if (ports.directory.servicePrincipal(verified.objectId)?.accountEnabled === true) return verified;
  return refuseToken('The identity of the calling application could not be established.');
}

/** The audiences of tokens that Graph takes: its own names, and our origin's. */
export function graphAudiences(origin: string): readonly string[] {
  return [...['https://graph.microsoft.com', origin].flatMap((uri) => [uri, `${uri}/`]), graphAppId];
}

function formatRejection({ rejected }: TokenRejection): string {
  switch (rejected) {
    case 'expired':
      return 'Lifetime validation failed, the token is expired.';
    case 'notYetValid':
      return 'Lifetime validation failed, the token is not valid yet.';
    case 'audience':
      return 'Access token validation failure. Invalid audience.';
    case 'issuer':
    case 'tenant':
      return 'Access token validation failure. Invalid issuer.';
    case 'unbound':
      return 'Access token validation failure. The token is bound to a client certificate, which is not taken here.';
    case 'malformed':
      return 'CompactToken parsing failed with error code: 80049217';
    default:
      return 'Access token validation failure. Invalid signature.';
  }
}

function refuseToken(message: string): Refusal {
  return refuse('InvalidAuthenticationToken', message, { headers: { 'WWW-Authenticate': 'Bearer realm=""' } });
}
