import type { SignIn } from '../sign-ins/sign-in.ts';

/** Where sign-ins are recorded. */
export interface SignInRecorder {
  /** Takes a record for the next batch. Resolves once it is durable: a newly issued token is handed over only then. */
  record(signIn: SignIn): Promise<void>;
}
