/**
 * The token service: signing keys, discovery documents, and the endpoint where applications ask for tokens.
 * It issues managed identities' tokens to the metadata service and verifies tokens for whoever accepts them.
 */
import type { CertificateMaker } from '../core/ports/certificate-maker.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { Store } from '../core/ports/store.ts';
import type { TokenIssuer } from '../core/ports/token-issuer.ts';
import type { TokenVerifier } from '../core/ports/token-verifier.ts';
import type { TrustedIssuer } from '../core/token/issuer-trust.ts';
import { defaultKeyDays } from '../core/token/key-schedule.ts';
import { appOnDemand, type TokenServiceApp } from './app-on-demand.ts';
import type { MachineCertificatePorts } from './client-authentication/client.ts';
import type { IssuerDocuments } from './federation/issuer-documents.ts';
import { openKeyRing } from './keys/key-ring.ts';
import { type KeyRotation, openKeyRotation } from './keys/rotate-keys.ts';
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
  /** Whose assertions may be verified by asking their issuer for its keys; default nobody's. */
  readonly trustedIssuers?: readonly TrustedIssuer[];
  /** Reads issuers' documents; default over HTTPS from the trusted ones. */
  readonly issuerDocuments?: IssuerDocuments;
  /** What machines' certificates are judged by; without it none is taken. */
  readonly machineCertificates?: MachineCertificatePorts;
  /** How many days a key signs; default 90. */
  readonly keyDays?: number;
}

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
