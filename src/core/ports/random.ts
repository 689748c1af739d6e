/** Unpredictable values, passed in so that tests decide them. */
export interface Random {
  /** A random (version 4) GUID in lower case. */
  uuid(): string;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}
