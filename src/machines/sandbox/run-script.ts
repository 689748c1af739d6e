import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { MachineEntry, MachineScript, ScriptOutcome } from '../../core/ports/machine-host.ts';
import { endMarked, scriptVariable } from './marked-processes.ts';
import { formatProgram, readProgram } from './script-program.ts';
import { keepTail } from './tail.ts';

/** After a script has exited, how long its last output may take to arrive where something else holds its pipes. */
const lastOutputMillis = 250;

/** Which script to run where. `isUp` tells whether the machine still is that same machine. */
export interface ScriptRun {
  readonly entry: MachineEntry;
  readonly script: MachineScript;
  readonly signal: AbortSignal;
  readonly isUp: () => boolean;
}

/** Runs a script by a machine's entry. It ends when the script does, whatever the script left behind. */
export async function runScript({ entry, script, signal, isUp }: ScriptRun): Promise<ScriptOutcome> {
  const mark = randomUUID();
  const child = spawnEntry(entry, mark);
  const closed = once(child, 'close').catch(() => undefined);
  const tails = [keepTail(child.stdout, script.keptBytes), keepTail(child.stderr, script.keptBytes)] as const;
  child.stdin.on('error', () => undefined);
  child.stdin.end(formatProgram(script));
  const deadline = new AbortController();
  const cut = await Promise.race([
    exitOf(child),
    untilAborted(signal, deadline.signal),
    wait(script.timeoutSeconds * 1000, 'timedOut' as const, { ref: false, signal: deadline.signal }).catch(never),
  ]);
  deadline.abort();
  if (cut !== undefined || child.signalCode !== null) await endMarked(mark);
  await Promise.race([closed, wait(lastOutputMillis)]);
  const end = cut ?? (isUp() ? 'exited' : 'machineEnded');
  const [output, error] = tails.map((tail) => tail.text()) as [string, string];
  for (const tail of tails) tail.letGo();
  return { end, exitCode: exitCodeOf(child), output, error };
}

/** In a process group of its own: a script's `kill 0` must not reach ours where it is the same user (rootless). */
function spawnEntry({ argv, env }: MachineEntry, mark: string): ChildProcessWithoutNullStreams {
  const [program = '', ...words] = [...argv, ...readProgram];
  return spawn(program, words, { detached: true, env: { ...env, [scriptVariable]: mark }, stdio: 'pipe' });
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<undefined> {
  await once(child, 'exit').catch(() => undefined);
}

async function untilAborted(signal: AbortSignal, done: AbortSignal): Promise<'canceled'> {
  if (!signal.aborted) await once(signal, 'abort', { signal: done }).catch(never);
  return 'canceled';
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function exitCodeOf({ exitCode, signalCode }: ChildProcessWithoutNullStreams): number {
  if (signalCode !== null) return 128 + constants.signals[signalCode];
  return exitCode ?? 128 + constants.signals.SIGKILL;
}
