import type { Socket } from 'node:net';
import type { Caller } from '../core/ports/caller.ts';

/**
 * Where a machine's connections go. INVARIANT: `machineResourceId` is decided by the socket on which the connection came
 * in, which lives in that machine's network namespace; nothing inside can forge it.
 */
export interface MachineDoors {
  /** A connection to 169.254.169.254:80: plain HTTP to the machine's metadata service, from this caller. */
  imds(socket: Socket, machineResourceId: string, caller: Caller): void;
  /** A connection to 127.0.0.1:443, where the public cloud names lead: TLS to the one origin. */
  cloud(socket: Socket, machineResourceId: string): void;
}
