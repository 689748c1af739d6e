import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const main = resolve(import.meta.dirname, '../../bin/postern.js');

/** What `postern env --json` prints. */
export interface ClientEnvironment {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly origin: string;
  readonly caBundle: string;
  readonly ca: string;
}

/** What a program came to. */
export interface ProgramResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Postern of its own for one test file: new data directory, port chosen by the system. */
export interface RunningPostern {
  readonly dataDir: string;
  readonly environment: ClientEnvironment;
  /** Runs `postern …` against it. */
  postern(...words: readonly string[]): ProgramResult;
  /** Runs a program inside a machine. */
  inside(machine: string, argv: readonly string[], options?: { user?: string; stdin?: string }): ProgramResult;
  /** The same beside others: at one time with what else was begun. */
  beside(machine: string, argv: readonly string[], user: string): Promise<ProgramResult>;
  stop(): Promise<void>;
}

/** Starts Postern as a user would, with more options of `postern up`, and waits until it says that it is ready. */
export async function startPostern(
  machinePaths: readonly string[] = [],
  options: readonly string[] = [],
): Promise<RunningPostern> {
  const dataDir = mkdtempSync(join(tmpdir(), 'postern-clients-'));
  const paths = machinePaths.flatMap((path) => ['--machine-path', path]);
  const child = spawn(
    process.execPath,
    [main, 'up', '--data-dir', dataDir, '--port', '0', '--json', ...options, ...paths],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await ready(child);
  const run = (argv: readonly string[], stdin?: string) => runProgram(process.execPath, [main, ...argv], stdin);
  const postern = (...words: readonly string[]) => run([...words, '--data-dir', dataDir]);
  const entering = (machine: string, user: string | undefined, argv: readonly string[]) => {
    const as = user === undefined ? [] : ['--user', user];
    return ['vm', 'exec', machine, '--data-dir', dataDir, ...as, '--', ...argv];
  };
  return {
    dataDir,
    environment: JSON.parse(postern('env', '--json').stdout) as ClientEnvironment,
    postern,
    inside: (machine, argv, { user, stdin } = {}) => run(entering(machine, user, argv), stdin),
    beside: (machine, argv, user) => runBeside(process.execPath, [main, ...entering(machine, user, argv)]),
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  argv: readonly string[],
  stdin = '',
  env: NodeJS.ProcessEnv = process.env,
): ProgramResult {
  const options = { encoding: 'utf8', env, input: stdin, maxBuffer: 64 << 20, stdio: 'pipe' } as const;
  try {
    return { status: 0, stdout: execFileSync(program, argv, options), stderr: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number | null; stdout?: string; stderr?: string };
    return { status: status ?? 1, stdout: stdout ?? '', stderr: stderr ?? String(error) };
  }
}

/** Runs a program to its end while others run. */
function runBeside(program: string, argv: readonly string[]): Promise<ProgramResult> {
  return new Promise((resolve) => {
    execFile(program, argv, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

async function ready(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('Postern has no standard output.');
  const lines = createInterface({ input: child.stdout });
  return new Promise((done, fail) => {
    lines.on('line', (line) => {
      if (/"event":\s*"ready"/.test(line)) done();
    });
    child.once('exit', (status) => fail(new Error(`Postern ended with ${status} before it was ready.`)));
  });
}
