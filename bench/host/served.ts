import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const main = resolve(import.meta.dirname, '../../bin/postern.js');

/** A data directory and a code cache of their own, used by every start of one benchmark. */
export interface Site {
  readonly dataDir: string;
  /** Starts Postern as a user does and resolves when it has logged `event`. */
  start(event: 'listening' | 'ready'): Promise<Served>;
  remove(): Promise<void>;
}

/** A Postern in a process of its own. */
export interface Served {
  readonly pid: number;
  readonly origin: string;
  stop(): Promise<void>;
}

/** Makes a site. Two starts go before what is measured: the first makes what a first start makes, and both fill the cache. */
export async function makeSite(): Promise<Site> {
  const root = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const dataDir = join(root, 'data');
  const site: Site = {
    dataDir,
    start: (event) => start(dataDir, join(root, 'cache'), event),
    remove: () => rm(root, { recursive: true, force: true }),
  };
  for (let start = 0; start < 2; start += 1) await (await site.start('ready')).stop();
  return site;
}

async function start(dataDir: string, cache: string, event: string): Promise<Served> {
  const child = spawn(process.execPath, [main, 'up', '--data-dir', dataDir, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, XDG_CACHE_HOME: cache },
  });
  const origin = await logged(child, event);
  return {
    pid: child.pid ?? 0,
    origin,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

function logged(child: ChildProcess, event: string): Promise<string> {
  return new Promise((found, fail) => {
    if (child.stdout === null) return fail(new Error('Postern has no standard output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as { event: string; origin: string };
      if (entry.event === event) found(entry.origin);
    });
    child.once('exit', (status) => fail(new Error(`Postern ended with ${status} before it was ${event}`)));
  });
}
