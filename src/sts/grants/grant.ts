import type { Clock } from '../../core/ports/clock.ts';
import type { Directory } from '../../core/ports/directory.ts';
import type { IssuedToken } from '../../core/ports/token-issuer.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { AskedAuthority } from '../asked-authority.ts';
import type { TokenMinter } from '../token-minter.ts';
import type { TokenRequest } from '../token-request.ts';

/** What a grant decides by. */
export interface GrantPorts {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly minter: TokenMinter;
}

/** One grant type (RFC 6749 section 4): a parsed request in, a token or the refusal out. */
export type Grant = (request: TokenRequest, asked: AskedAuthority, ports: GrantPorts) => Promise<IssuedToken | Refusal>;
