import type { CallerProcess, LocalUser } from '../access/caller.ts';

/**
 * Who is at the other end of one connection. Looked up when first asked and kept as long as the connection; undefined is
 * "cannot be said with certainty", which is nobody, and never root.
 */
export interface Caller {
  user(): LocalUser | undefined | Promise<LocalUser | undefined>;
  /** Undefined also where several different programs hold the connection. */
  process(): CallerProcess | undefined | Promise<CallerProcess | undefined>;
  /** The program, where it has been looked for and found already: what a record says of it without looking. */
  knownProcess?(): CallerProcess | undefined;
}

/** A connection that no machine's user opened: a door outside the machine. */
export const unknownCaller: Caller = { user: () => undefined, process: () => undefined };
