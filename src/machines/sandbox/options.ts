import type { Clock } from '../../core/ports/clock.ts';
import type { MachineHost } from '../../core/ports/machine-host.ts';
import type { MachineDoors } from '../doors.ts';

/** What a sandbox host is told. */
export interface SandboxHostOptions {
  /** Where the machines' disks are; made with mode 0700. */
  readonly stateDir: string;
  readonly doors: MachineDoors;
  /** The public cloud's host names, which lead to the cloud door inside. */
  readonly publicNames: readonly string[];
  /** Postern's authority, which machines trust beside the host's; asked at each start. */
  readonly caCertificatePem: string | (() => string);
  /** Folders and files that every machine shows at the same path, read-only. */
  readonly toolPaths: readonly string[];
  /** Folders that no machine shows, even within a tool's. The state directory is always one. */
  readonly hiddenPaths: readonly string[];
  readonly clock: Clock;
  readonly logger?: (entry: SandboxLogEntry) => void;
}

/** One thing that happened to a machine. */
export interface SandboxLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

/** A machine host with the two calls that frame its life. */
export interface SandboxHost extends MachineHost {
  /** Ends every machine; their disks stay. */
  stopAll(): Promise<void>;
  /** Ends what an earlier Postern left running and finishes its removals. Call it before the first start. */
  sweep(): Promise<void>;
}
