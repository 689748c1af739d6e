import type { Refusal } from '../refusal.ts';
import type { SignIn } from '../sign-ins/sign-in.ts';
import type { EpochMillis } from '../time.ts';

/** Where sign-ins are recorded. */
export interface SignInRecorder {
  /**
   * Takes a record for the next batch. Resolves once it is durable: a newly issued token is handed over only then. Rejects when it
   * could not be written, and when too many wait. Parts that are the same object as in the record before cost least.
   */
  record(signIn: SignIn): Promise<void>;
}

/** A query of the sign-in log. Both ends inclusive; resource ids compare without regard to letter case, user names do not. */
export interface SignInQuery {
  readonly from: EpochMillis;
  readonly to: EpochMillis;
  readonly machineResourceId?: string;
  readonly userName?: string;
  readonly principalId?: string;
  readonly outcome?: SignIn['outcome'];
  readonly uti?: string;
  readonly id?: string;
  readonly limit: number;
  /** Opaque; from the page before. */
  readonly skipToken?: string;
}

/** A record as the log holds it. */
export interface RecordedSignIn extends SignIn {
  /** A GUID that follows from the hash. */
  readonly id: string;
  /** Its place in the log, from 1 on without gaps. */
  readonly number: number;
  /** The hash that the chain has with it: base64url SHA-256. */
  readonly hash: string;
}

/** One page of records, newest first. */
export interface SignInPage {
  readonly signIns: readonly RecordedSignIn[];
  readonly skipToken?: string;
}

/** What reads the sign-in log. Refuses `InvalidParameter` for a skip token that is not ours. */
export interface SignInReader {
  query(query: SignInQuery): Promise<SignInPage | Refusal>;
}
