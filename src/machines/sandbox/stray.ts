import { setTimeout } from 'node:timers/promises';
import { isSameProcess, type ProcessIdentity } from './process-identity.ts';

/** How long a killed process may take to be gone. */
const patienceMillis = 5_000;
const pauseMillis = 10;

/** Kills processes that a Postern which did not stop left behind, and waits until they are gone. */
export async function endStrays(processes: readonly ProcessIdentity[]): Promise<void> {
  const strays = processes.filter(isSameProcess);
  for (const { pid } of strays) killIfThere(pid);
  for (let waited = 0; strays.some(isSameProcess) && waited < patienceMillis; waited += pauseMillis) {
    await setTimeout(pauseMillis);
  }
}

/** SIGKILL; that the process has ended already is no error. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
