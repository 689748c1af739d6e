import type { Refusal } from '../refusal.ts';
import type { EpochMillis } from '../time.ts';

/** A group of a machine's users. */
export interface MachineGroup {
  readonly name: string;
  /** At least one of the machine's users, root among them. */
  readonly members: readonly string[];
}

/** What a machine must be. `users` holds every login name beside root, the administrator first. */
export interface MachineSpec {
  readonly resourceId: string;
  readonly vmId: string;
  readonly hostname: string;
  readonly users: readonly string[];
  /** Groups beside those that each user has alone; default none. */
  readonly groups?: readonly MachineGroup[];
}

/** A running machine. */
export interface RunningMachine {
  readonly resourceId: string;
  readonly vmId: string;
  /** The process id, on the host, of the machine's first process. */
  readonly initPid: number;
  readonly startedAt: EpochMillis;
}

/** Whether machines can be made here (`doors`: as identities only); `missing` says each thing that is absent and how to get it. */
export type MachineSupport =
  | { readonly supported: true; readonly mode: 'root' | 'rootless' | 'doors' }
  | { readonly supported: false; readonly missing: readonly string[] };

/** How to run a program inside a machine: the host command to which the program's own words are appended. */
export interface MachineEntry {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A script for a machine to run. */
export interface MachineScript {
  /** The whole text. Its first line may name an interpreter (`#!`); else it is the shell's. */
  readonly text: string;
  /** One of the machine's users. */
  readonly user: string;
  readonly arguments: readonly string[];
  /** By names that a shell can export. They may be secrets: no other user sees them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** How many bytes are kept of each stream: the last ones. */
  readonly keptBytes: number;
}

/** What a script came to. */
export interface ScriptOutcome {
  /** `exited` by itself; else what ended it. */
  readonly end: 'exited' | 'timedOut' | 'canceled' | 'machineEnded';
  /** Its exit status, or 128 + the signal that ended it. */
  readonly exitCode: number;
  readonly output: string;
  readonly error: string;
}

/** Makes machines real. Each call is idempotent. Refuses `MachineHostUnavailable`, naming what is missing. */
export interface MachineHost {
  support(): Promise<MachineSupport>;
  /** Brings the machine up (making its disk if it has none): answers once its IMDS is reachable inside. */
  start(spec: MachineSpec): Promise<RunningMachine | Refusal>;
  /** Ends every process of the machine and closes its endpoints; its disk stays. */
  stop(resourceId: string): Promise<void>;
  /** Stops the machine and removes every trace of it. */
  remove(resourceId: string): Promise<void>;
  running(resourceId: string): RunningMachine | undefined;
  /** Undefined when the machine is not running; refuses `InvalidParameter` for a user that it does not have. */
  entry(resourceId: string, user: string): MachineEntry | Refusal | undefined;
  /**
   * Runs a script to its end, or until `signal` aborts it. What it leaves running in the background runs on when it exited by
   * itself, and is ended with it otherwise. Undefined when the machine is not running; refuses as `entry` does.
   */
  run(resourceId: string, script: MachineScript, signal: AbortSignal): Promise<ScriptOutcome | Refusal | undefined>;
  /** Ends every script that runs, as `canceled`: for the host's stop. */
  endScripts(): Promise<void>;
}
