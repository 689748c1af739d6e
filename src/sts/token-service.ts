/**
 * The token service: signing keys, discovery documents, and the endpoint where applications ask for tokens.
 * It issues managed identities' tokens to the metadata service and verifies tokens for whoever accepts them.
 */
import type { TokenIssuer } from '../core/ports/token-issuer.ts';
import type { TokenVerifier } from '../core/ports/token-verifier.ts';
import { defaultKeyDays } from '../core/token/key-schedule.ts';
import { appOnDemand, type TokenServiceApp } from './app-on-demand.ts';
import { openKeyRing } from './keys/key-ring.ts';
import { type KeyRotation, openKeyRotation } from './keys/rotate-keys.ts';
import { openTokenMinter } from './token-minter.ts';
import type { TokenServicePorts } from './token-service-ports.ts';
import { openTokenVerifier } from './token-verifier.ts';

/** The opened token service; `app` answers its HTTP endpoints. */
export interface TokenService {
  readonly issuer: TokenIssuer;
  readonly verifier: TokenVerifier;
  readonly app: TokenServiceApp;
  readonly keys: KeyRotation;
}

const dayMillis = 86_400_000;

/** Opens the token service, making its signing key on the first start. */
export async function openTokenService(ports: TokenServicePorts): Promise<TokenService> {
  const { directory, keyDays = defaultKeyDays } = ports;
  const ring = await openKeyRing(ports);
  const minter = openTokenMinter({ ...ports, ring });
  return {
    issuer: minter,
    verifier: openTokenVerifier({ ...ports, ring, tenantId: directory.tenant.tenantId }),
    app: appOnDemand({ ...ports, ring, minter }),
    keys: openKeyRotation(ring, ports, keyDays * dayMillis),
  };
}
