import type { CertificateMaker } from '../core/ports/certificate-maker.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { Store } from '../core/ports/store.ts';
import type { TrustedIssuer } from '../core/token/issuer-trust.ts';
import type { MachineCertificatePorts } from './client-authentication/client.ts';
import type { IssuerDocuments } from './federation/issuer-documents.ts';

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
