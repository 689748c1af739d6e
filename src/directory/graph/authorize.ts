import type { Directory } from '../../core/ports/directory.ts';
import type { TokenRejection, TokenVerifier } from '../../core/ports/token-verifier.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { graphAppId } from '../../core/token/audiences.ts';

/** The application permissions of which one lets its holder read the directory. */
const readingRoles: readonly string[] = [
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'Application.Read.All',
  'Application.ReadWrite.All',
];

/** What deciding about a caller needs. */
export interface AuthorizePorts {
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  readonly origin: () => string;
}

/**
 * Whether the bearer of a token may read the directory: undefined when it may, else the refusal, `InvalidAuthenticationToken`
 * or `Authorization_RequestDenied`. A deleted or disabled principal's token is refused at once, as Resource Manager does.
 */
export async function refuseCaller(
  authorization: string | undefined,
  ports: AuthorizePorts,
): Promise<Refusal | undefined> {
  const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return refuseToken('Access token is empty.');
  const verified = await ports.verifier.verify(token, graphAudiences(ports.origin()));
  if ('rejected' in verified) return refuseToken(formatRejection(verified));
  if (ports.directory.servicePrincipal(verified.objectId)?.accountEnabled !== true) {
    return refuseToken('The identity of the calling application could not be established.');
  }
  if (verified.roles.some((role) => readingRoles.includes(role))) return undefined;
  return refuse('Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
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
    case 'malformed':
      return 'CompactToken parsing failed with error code: 80049217';
    default:
      return 'Access token validation failure. Invalid signature.';
  }
}

function refuseToken(message: string): Refusal {
  return refuse('InvalidAuthenticationToken', message, { headers: { 'WWW-Authenticate': 'Bearer realm=""' } });
}
