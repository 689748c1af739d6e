import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** What a program inside a machine came to. */
export interface ProgramResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the SDK program answered: a value, or the failure that the SDK threw. */
export interface SdkReply {
  readonly ok?: unknown;
  readonly failed?: {
    readonly name?: string;
    readonly code?: string;
    readonly statusCode?: number;
    readonly message?: string;
  };
}

/** The stage on which the story is played: it runs commands in machines, shows them, and keeps count of what held. */
export interface Stage {
  chapter(title: string): void;
  /** Runs one command of the SDK program in a machine, by its resource id, as its administrator unless another user is named. `quiet` leaves the answer unshown. */
  sdk(
    machine: string,
    words: readonly string[],
    options?: { stdin?: string; quiet?: boolean; user?: string },
  ): Promise<SdkReply>;
  /** Runs `postern` beside the machines. */
  postern(words: readonly string[], options?: { quiet?: boolean }): Promise<ProgramResult>;
  /** Runs one of the programs in `inside/` in a machine; answers the JSON that it prints. */
  program(machine: string, name: string, words: readonly string[]): Promise<unknown>;
  /** Runs any program in a machine. */
  run(machine: string, argv: readonly string[], options?: { stdin?: string; quiet?: boolean }): Promise<ProgramResult>;
  /** Runs `az` in a machine; undefined where none is installed. */
  az(machine: string, words: readonly string[]): Promise<ProgramResult | undefined>;
  /** States what must hold and why it is right. Throws `StoryBroken` where it does not: later steps stand on it. */
  hold(holds: boolean, why: string): void;
}

/** A step of the story did not hold. */
export class StoryBroken extends Error {}

const packageRoot = resolve(import.meta.dirname, '../..');
const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
/** In a clone the launcher that uses the code cache, else the compiled command. */
const posternMain = resolve(packageRoot, extension === 'ts' ? 'bin/postern.js' : 'dist/cli/main.js');
const insideProgram = (name: string) => resolve(import.meta.dirname, `inside/${name}.${extension}`);

/** Opens a stage over the Postern that runs on `dataDir`. `print` gets whole lines. */
export function openStage(dataDir: string, print: (line: string) => void): Stage {
  const postern = (words: readonly string[], stdin = '') =>
    runProgram(process.execPath, [posternMain, ...words], stdin);
  const enter = (machine: string, argv: readonly string[], stdin = '', user?: string) => {
    const as = user === undefined ? [] : ['--user', user];
    return postern(['vm', 'exec', machine, '--data-dir', dataDir, ...as, '--', ...argv], stdin);
  };
  const azProgram = findAz();

  return {
    chapter: (title) => print(`\n── ${title}`),
    hold(holds, why) {
      print(`   ${holds ? '✓' : '✗'} ${why}`);
      if (!holds) throw new StoryBroken(why);
    },
    async sdk(machine, words, { stdin, quiet, user } = {}) {
      print(`   ${user === undefined ? '' : `${user}@`}${nameOf(machine)}$ sdk ${words.map(shorten).join(' ')}`);
      const result = await enter(machine, [process.execPath, insideProgram('sdk'), ...words], stdin, user);
      const reply = parseReply(result);
      if (quiet !== true || reply.failed) print(`      ${showReply(reply)}`);
      return reply;
    },
    async postern(words, { quiet } = {}) {
      print(`   $ postern ${words.map(shorten).join(' ')}`);
      const result = await postern([...words, '--data-dir', dataDir]);
      if (quiet !== true || result.status !== 0) show(result, print);
      return result;
    },
    async program(machine, name, words) {
      print(`   ${nameOf(machine)}$ ${name} ${words.map(shorten).join(' ')}`);
      const result = await enter(machine, [process.execPath, insideProgram(name), ...words]);
      return result.status === 0 ? JSON.parse(result.stdout) : {};
    },
    async run(machine, argv, { stdin, quiet } = {}) {
      print(`   ${nameOf(machine)}$ ${argv.map(shorten).join(' ')}`);
      const result = await enter(machine, argv, stdin);
      if (quiet !== true) show(result, print);
      return result;
    },
    async az(machine, words) {
      if (azProgram === undefined) return undefined;
      print(`   ${nameOf(machine)}$ az ${words.map(shorten).join(' ')}`);
      const result = await enter(machine, [azProgram, ...words]);
      show(result, print);
      return result;
    },
  };
}

/** `az` as `npm run clients` installs it, else the machine's own. */
function findAz(): string | undefined {
  const folders = [join(packageRoot, '.clients/az/bin'), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'az')).find((path) => existsSync(path));
}

async function runProgram(command: string, argv: readonly string[], stdin: string): Promise<ProgramResult> {
  const child = spawn(command, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done(status ?? 1));
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}

function parseReply(result: ProgramResult): SdkReply {
  try {
    return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as SdkReply;
  } catch {
    return { failed: { name: 'NoAnswer', message: (result.stderr || result.stdout).trim().slice(-600) } };
  }
}

function showReply({ ok, failed }: SdkReply): string {
  if (failed)
    return `${failed.statusCode ?? ''} ${failed.code ?? failed.name ?? ''}: ${failed.message ?? ''}`
      .trim()
      .slice(0, 400);
  return JSON.stringify(ok).slice(0, 240);
}

function show({ stdout, stderr }: ProgramResult, print: (line: string) => void): void {
  const lines = `${stdout}${stderr}`.trim().split('\n');
  for (const line of lines.slice(0, 8)) print(`      ${line.slice(0, 200)}`);
  if (lines.length > 8) print(`      … ${lines.length - 8} more lines`);
}

function shorten(word: string): string {
  return word.startsWith('/subscriptions/') ? `…/${nameOf(word)}` : /\s/.test(word) ? `'${word}'` : word;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
