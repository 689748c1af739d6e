/** Exit statuses, the same for every command; scripts may rely on them. `vm exec` otherwise ends with its program's own. */
export const exitStatus = {
  ok: 0,
  /** The command was understood and did not succeed: refused, not found, a step of the story did not hold. */
  failed: 1,
  usage: 2,
  /** No Postern runs on the data directory. */
  notRunning: 3,
  /** The data directory or the port is taken. */
  taken: 4,
  /** `access why`: the question was answered, and the answer is no. */
  denied: 5,
} as const;

/** One of the exit statuses, or a program's own. */
export type ExitStatus = number;
