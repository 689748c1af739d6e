// Fifty sandbox machines, made one after another: how long each takes until both of its doors are open, and the memory that
// it takes in the host process and in processes of its own. Both goals are limits, so the ratio is the worse share of its limit.

import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefusal } from '../src/core/refusal.ts';
import { systemClock } from '../src/host/system.ts';
import { openSandboxHost, type SandboxHost } from '../src/machines/sandbox/sandbox-host.ts';

const goal = 1;
const limitMillis = 250;
const limitMegabytes = 4;

/** Measures; prints both figures and ends with the ratio. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const stateDir = await mkdtemp(join(tmpdir(), 'postern-machines-'));
  const host = await openBenchHost(stateDir);
  const count = short ? 10 : 50;
  try {
    const support = await host.support();
    if (!support.supported) throw new Error(support.missing.join(' '));
    // The first machine also makes what all share; it belongs to the host's start.
    await create(host, 0);
    report(await createMany(host, count));
  } finally {
    for (let index = 0; index <= count; index++) await host.remove(resourceIdOf(index));
    await rm(stateDir, { recursive: true, force: true });
  }
}

interface Measured {
  readonly millis: readonly number[];
  readonly hostMegabytes: number;
  readonly sandboxMegabytes: number;
}

async function createMany(host: SandboxHost, count: number): Promise<Measured> {
  const before = residentMegabytes();
  const millis: number[] = [];
  const pids: number[] = [];
  for (let index = 1; index <= count; index++) {
    const started = performance.now();
    pids.push(await create(host, index));
    millis.push(performance.now() - started);
  }
  const hostMegabytes = Math.max(0, residentMegabytes() - before) / count;
  return { millis, hostMegabytes, sandboxMegabytes: sandboxMegabytes(pids) / count };
}

function report({ millis, hostMegabytes, sandboxMegabytes }: Measured): void {
  const sorted = millis.toSorted((a, b) => a - b);
  const [median, slowest] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
  const megabytes = hostMegabytes + sandboxMegabytes;
  console.log(`${millis.length} machines: ${median.toFixed(0)} ms median, ${slowest.toFixed(0)} ms the slowest`);
  console.log(
    `${megabytes.toFixed(2)} MB each: ${hostMegabytes.toFixed(2)} in the host, ${sandboxMegabytes.toFixed(2)} of its own`,
  );
  const ratio = Math.max(slowest / limitMillis, megabytes / limitMegabytes);
  console.log(`machines ratio=${ratio.toFixed(2)} goal=${goal.toFixed(2)}`);
}

function openBenchHost(stateDir: string): Promise<SandboxHost> {
  return openSandboxHost({
    stateDir,
    doors: { imds: (socket) => socket.destroy(), cloud: (socket) => socket.destroy() },
    publicNames: ['management.azure.com'],
    caCertificatePem: '',
    toolPaths: [join(import.meta.dirname, '..')],
    hiddenPaths: [],
    clock: systemClock,
  });
}

/** Answers the process id of the machine's init. */
async function create(host: SandboxHost, index: number): Promise<number> {
  const name = `bench-${index}`;
  const spec = { resourceId: resourceIdOf(index), vmId: name, hostname: name, users: ['azureuser'] };
  const started = await host.start(spec);
  if (isRefusal(started)) throw new Error(`${started.message} ${JSON.stringify(started.cause)}`);
  return started.initPid;
}

function resourceIdOf(index: number): string {
  return `/subscriptions/bench/resourceGroups/bench/providers/Microsoft.Compute/virtualMachines/bench-${index}`;
}

function residentMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
}

/** Each machine's processes, its init and the supervisor outside, each page by its share. */
function sandboxMegabytes(inits: readonly number[]): number {
  const supervisors = new Set(inits.map(parentOf));
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const own = pids.map(Number).filter((pid) => supervisors.has(pid) || supervisors.has(parentOf(pid)));
  return own.reduce((sum, pid) => sum + proportionalMegabytes(pid), 0);
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return -1;
  }
}

function proportionalMegabytes(pid: number): number {
  return (Number(/^Pss:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) * 1024) / 1e6;
}
