// Resident memory of the host, idle with one machine that runs, against a bare node:http process that serves nothing else.
// Both have been idle for the same time, and have answered one request.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { makeSite } from './host/served.ts';

const goal = 1.5;
const bareServer = `require('node:http').createServer((_, r) => r.end('ok')).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});`;

/** Measures; the ratio is that of the medians. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [rounds, idleMillis] = short ? [1, 2_000] : [5, 5_000];
  const site = await makeSite();
  try {
    const bare: number[] = [];
    const served: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await bareMebibytes(idleMillis));
      const host = await site.start('ready');
      await setTimeout(idleMillis);
      served.push(await residentMebibytes(host.pid));
      await host.stop();
    }
    const [mine, theirs] = [median(served), median(bare)];
    console.log(`host ${mine.toFixed(1)} MiB, bare node:http ${theirs.toFixed(1)} MiB, ${rounds} rounds`);
    console.log(`memory ratio=${(mine / theirs).toFixed(2)} goal=${goal.toFixed(2)}`);
  } finally {
    await site.remove();
  }
}

async function bareMebibytes(idleMillis: number): Promise<number> {
  const child = spawn(process.execPath, ['-e', bareServer], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const [response] = await once(get({ port, agent: false }), 'response');
  response.resume();
  await setTimeout(idleMillis);
  const resident = await residentMebibytes(child.pid ?? 0);
  child.kill();
  return resident;
}

/** The resident set, in MiB. @see proc_pid_status(5), VmRSS */
async function residentMebibytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
