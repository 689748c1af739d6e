import type { Checkpoint } from '../sign-ins/checkpoint.ts';

/** Signs the sign-in log's checkpoints, with a key that is not kept where the log is. */
export interface CheckpointSigner {
  /** The base64url SHA-256 of the certificate that verifies what it signs. */
  readonly authority: string;
  /** A signature over a statement, in base64url. */
  sign(statement: string): string;
}

/** Whether a checkpoint's signature holds; `unknown` where its authority is none that is trusted here. */
export type CheckpointVerifier = (checkpoint: Checkpoint) => 'good' | 'bad' | 'unknown';
