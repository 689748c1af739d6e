import type { ClientCredentials, Directory } from '../../core/ports/directory.ts';
import type { IssuerKeys } from '../../core/ports/issuer-keys.ts';
import type { MachineView } from '../../core/ports/machines.ts';
import type { EpochMillis, EpochSeconds } from '../../core/time.ts';
import type { KeyRing } from '../keys/key-ring.ts';

// How a client proves who it is: a secret, an assertion signed with its certificate, or another issuer's assertion that one of
// its federated credentials names. Each method has a file; what they decide is decided in `core/token`.

/** The client that a request names, with what it may prove itself with. */
export interface Client {
  readonly appId: string;
  readonly credentials: ClientCredentials;
  readonly now: EpochMillis;
}

/** A proof that held. */
export interface Proved {
  /** Claim `appidacr`: `1` a secret, `2` an assertion. */
  readonly appidacr: '1' | '2';
  /** Set where the client is a machine's identity that proved itself by its certificate. */
  readonly machine?: MachineProof;
  /** Set where the proof is good for one token of each resource. */
  readonly once?: SingleUse;
}

/** What a machine's certificate says of the tokens that are got with it. */
export interface MachineProof {
  readonly identityResourceId: string;
  /** For a user-assigned identity alone. */
  readonly machineResourceId?: string;
  /** `x5t#S256`. */
  readonly thumbprint: string;
  /** No token outlives the certificate. */
  readonly notAfter: EpochSeconds;
}

/** What is remembered of a proof that must not be taken again. */
export interface SingleUse {
  readonly clientId: string;
  readonly id: string;
  /** From then on the proof is refused for its age, so it need not be remembered. */
  readonly expiresOn: EpochSeconds;
}

/** What a machine's certificate is judged by. */
export interface MachineCertificatePorts {
  /** The authority that signs machines' certificates, in DER. */
  readonly authorityCertificate: Uint8Array;
  readonly machine: (resourceId: string) => MachineView | undefined;
}

/** What the methods prove by. */
export interface ProofPorts {
  readonly directory: Directory;
  readonly ring: KeyRing;
  readonly issuerKeys: IssuerKeys;
  readonly origin: () => string;
  /** Without it no machine's certificate is taken. */
  readonly machineCertificates?: MachineCertificatePorts;
}
