import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { OperatorEntry } from '../host/operator/wire.ts';
import { type ExitStatus, exitStatus } from './exit-status.ts';
import { askOperator, tellFailure } from './operator-client.ts';
import type { Terminal } from './terminal.ts';

/** Which program to run in which machine, as whom. Without a user: the machine's administrator. */
export interface Entering {
  readonly dataDir?: string;
  readonly machine: string;
  readonly user?: string;
  readonly argv: readonly string[];
}

/** Runs a program inside a machine on this terminal; its exit status, or 128 + the signal that ended it. */
export async function enterMachine(entering: Entering, terminal: Terminal): Promise<ExitStatus> {
  const { dataDir, machine, user, argv } = entering;
  const asked = await askOperator<OperatorEntry>(dataDir, 'machineEntry', { machine, user });
  if ('failed' in asked) return tellFailure(terminal, asked);
  const [command, ...words] = [...asked.answer.argv, ...argv];
  if (command === undefined) return exitStatus.failed;
  return run(command, words, asked.answer.env, terminal);
}

const passedOn = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

function run(
  command: string,
  words: readonly string[],
  env: OperatorEntry['env'],
  terminal: Terminal,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { stdio: 'inherit', env: { ...env, ...terminalEnvironment() } });
    const listeners = passedOn.map((signal) => {
      const pass = () => passSignal(child.pid, signal);
      process.on(signal, pass);
      return () => process.off(signal, pass);
    });
    const finish = (status: number) => {
      for (const remove of listeners) remove();
      resolve(status);
    };
    child.once('error', (error) => {
      terminal.err(`postern: the machine cannot be entered: ${error.message}`);
      finish(exitStatus.failed);
    });
    child.once('exit', (code, signal) => finish(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/** What a program must know of the terminal on which it runs. */
function terminalEnvironment(): Record<string, string> {
  const names = ['TERM', 'COLORTERM', 'NO_COLOR'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/**
 * Hands a signal to the program, past the processes that led into the machine: they do not pass signals on. From a
 * terminal, the kernel has given SIGINT and SIGQUIT to the program already.
 */
function passSignal(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  if ((signal === 'SIGINT' || signal === 'SIGQUIT') && process.stdin.isTTY) return;
  try {
    process.kill(innermost(pid), signal);
  } catch (error) {
    // EPERM: another user's, as the machine has them. What ends the way in, ends the program.
    if ((error as NodeJS.ErrnoException).code === 'EPERM') process.kill(pid, 'SIGTERM');
    else if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The end of the chain of single children that begins at `pid`, while each only leads on to the next. */
function innermost(pid: number): number {
  const children = childrenOf(pid);
  const [child] = children;
  return children.length === 1 && child !== undefined && leadsOn(pid) ? innermost(child) : pid;
}

/** Whether a process is one of those that lead into a machine (by its name, as the kernel keeps it). */
function leadsOn(pid: number): boolean {
  return ['nsenter', 'unshare', 'setpriv', 'su', 'runuser', 'env'].includes(read(`/proc/${pid}/comm`).trim());
}

function childrenOf(pid: number): readonly number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
