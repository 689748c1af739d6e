import type { Hono } from 'hono';
import { tokenServiceApp } from './app.ts';
import { openSingleUses } from './client-authentication/single-uses.ts';
import { httpsDocuments } from './federation/https-documents.ts';
import { openIssuerKeys } from './federation/issuer-keys.ts';
import type { KeyRing } from './keys/key-ring.ts';
import type { TokenMinter } from './token-minter.ts';
import type { TokenServicePorts } from './token-service-ports.ts';

/** What the endpoints are opened over. */
export interface OpenAppPorts extends TokenServicePorts {
  readonly ring: KeyRing;
  readonly minter: TokenMinter;
}

/** Opens the token service's HTTP endpoints with what they alone need. */
export function openApp(ports: OpenAppPorts): Hono {
  const { clock, trustedIssuers = [] } = ports;
  const documents = ports.issuerDocuments ?? httpsDocuments({ trusted: trustedIssuers });
  return tokenServiceApp({ ...ports, issuerKeys: openIssuerKeys(documents, clock), uses: openSingleUses(ports) });
}
