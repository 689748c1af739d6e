import type { Clock } from '../../core/ports/clock.ts';
import type { IssuedToken } from '../../core/ports/token-issuer.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { AskedAuthority } from '../asked-authority.ts';
import type { ProofPorts } from '../client-authentication/client.ts';
import type { SingleUses } from '../client-authentication/single-uses.ts';
import type { TokenMinter } from '../token-minter.ts';
import type { TokenRequest } from '../token-request.ts';

/** What a grant decides by. */
export interface GrantPorts extends ProofPorts {
  readonly clock: Clock;
  readonly uses: SingleUses;
  readonly minter: TokenMinter;
}

/** One grant type (RFC 6749 section 4): a parsed request in, a token or the refusal out. */
export type Grant = (request: TokenRequest, asked: AskedAuthority, ports: GrantPorts) => Promise<IssuedToken | Refusal>;
