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
  const bootId = readOptional('/proc/sys/kernel/random/boot_id')?.trim();
  const { state, startTicks } = readStat(pid);
  if (state === 'Z' || state === 'X' || startTicks === undefined || bootId === undefined) return undefined;
  return { pid, startTicks, bootId };
}

/** Whether that very process still runs. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now?.startTicks === identity.startTicks && now.bootId === identity.bootId;
}

/** The kernel's `PF_EXITING`: set before the first of a PID namespace's processes ends all others. */
const exitingFlag = 0x4;

/** Whether that very process runs and has not begun to end: what its end brings about may be seen before it is gone. */
export function isRunningOn(identity: ProcessIdentity): boolean {
  return isSameProcess(identity) && (Number(readStat(identity.pid).flags ?? exitingFlag) & exitingFlag) === 0;
}

/** Fields 3, 9 and 22 of /proc/pid/stat; nothing where there is no such process. */
function readStat(pid: number): { readonly state?: string; readonly flags?: string; readonly startTicks?: string } {
  const stat = readOptional(`/proc/${pid}/stat`);
  if (stat === undefined) return {};
  // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [flags = '', startTicks = ''] = [fields[5], fields[18]];
  return { state, flags, startTicks };
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
