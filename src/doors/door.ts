import type { Socket } from 'node:net';
import type { Caller } from '../core/ports/caller.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { MachineTokens } from '../core/ports/machine-tokens.ts';
import type { Random } from '../core/ports/random.ts';

/** What the doors need. */
export interface DoorPorts {
  readonly tokens: MachineTokens;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether a machine runs: the doors of one that does not answer as if nobody were there. */
  readonly isRunning: (machineResourceId: string) => boolean;
  /** Serves a connection as the machine's own metadata service does, to requests that are addressed to one of these hosts. */
  readonly acceptMetadata: (
    socket: Socket,
    machineResourceId: string,
    caller: Caller,
    hosts: readonly string[],
  ) => void;
  /** Where challenges are kept for Arc's clients, who take them from there alone. */
  readonly tokensFolder: string;
}

/** An open door: what a program's environment needs, by the names that clients read. */
export interface OpenDoor {
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}
