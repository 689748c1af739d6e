/** A user of a machine, as the machine's own passwd and group files name it. */
export interface LocalUser {
  /** As the machine numbers it. */
  readonly uid: number;
  /** The number itself where the machine has no name for it. */
  readonly userName: string;
  /** The names of its groups, the first one its login group. */
  readonly groupNames: readonly string[];
}

/** The program that holds a connection. */
export interface CallerProcess {
  /** As the machine numbers it. */
  readonly pid: number;
  readonly exePath: string;
  /** The last word of its path, as for Azure's proxy agent; what a program calls itself (`comm`) is not asked. */
  readonly processName: string;
  readonly commandLine: readonly string[];
}
