import { readFileSync } from 'node:fs';

/** A process for ever: its id may be given again, its id and the time at which it started may not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot: field 22 of /proc/pid/stat (proc_pid_stat(5)). */
  readonly startTicks: string;
  readonly bootId: string;
}

/** Identifies a process that runs now; undefined when there is none, or only what its parent has yet to collect. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const stat = readOptional(`/proc/${pid}/stat`);
  const bootId = readOptional('/proc/sys/kernel/random/boot_id')?.trim();
  // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const startTicks = fields[18];
  if (state === 'Z' || state === 'X' || startTicks === undefined || bootId === undefined) return undefined;
  return { pid, startTicks, bootId };
}

/** Whether that very process still runs. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now?.startTicks === identity.startTicks && now.bootId === identity.bootId;
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
