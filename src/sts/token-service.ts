/**
 * The token service: signing keys, discovery documents, and the endpoint where applications ask for tokens.
 * It issues managed identities' tokens to the metadata service and verifies tokens for whoever accepts them.
 */
import type { Hono } from 'hono';
import type { CertificateMaker } from '../core/ports/certificate-maker.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { Store } from '../core/ports/store.ts';
import type { TokenIssuer } from '../core/ports/token-issuer.ts';
import type { TokenVerifier } from '../core/ports/token-verifier.ts';
import { tokenServiceApp } from './app.ts';
import { openKeyRing } from './keys/key-ring.ts';
import { openTokenMinter } from './token-minter.ts';
import { openTokenVerifier } from './token-verifier.ts';

/** What the token service needs. `origin` answers Postern's own `https://host[:port]`, known once it listens. */
export interface TokenServicePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly directory: Directory;
  readonly certificates: CertificateMaker;
  readonly origin: () => string;
}

/** The opened token service; `app` answers its HTTP endpoints. */
export interface TokenService {
  readonly issuer: TokenIssuer;
  readonly verifier: TokenVerifier;
  readonly app: Hono;
}

/** Opens the token service, making its signing key on the first start. */
export async function openTokenService(ports: TokenServicePorts): Promise<TokenService> {
  const ring = await openKeyRing(ports);
  const minter = openTokenMinter({ ...ports, ring });
  const { tenantId } = ports.directory.tenant;
  return {
    issuer: minter,
    verifier: openTokenVerifier({ ...ports, ring, tenantId }),
    app: tokenServiceApp({ ...ports, ring, minter }),
  };
}
