import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type DataDirectoryLock, lockDataDirectory } from '../../../src/store/sqlite/data-directory-lock.ts';

type Holder = ChildProcessByStdio<Writable, Readable, null>;

const holders = new Set<Holder>();

describe('a data directory belongs to one process', () => {
  let place = '';
  let directory = '';
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'postern-lock-'));
    directory = join(place, 'data');
  });
  afterEach(() => {
    for (const holder of holders) holder.kill('SIGKILL');
    holders.clear();
    rmSync(place, { recursive: true });
  });

  it('is made for its owner alone and taken', () => {
    const lock = taken(lockDataDirectory(directory));
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    lock.release();
  });

  it('names the process that holds it', async () => {
    const [holder, said] = await hold(directory);
    assert.equal(said, 'taken');
    assert.deepEqual(lockDataDirectory(directory), { heldByPid: holder.pid });
  });

  it('refuses another process while this one holds it', async () => {
    const lock = taken(lockDataDirectory(directory));
    const [, said] = await hold(directory);
    assert.equal(said, `held by ${process.pid}`);
    lock.release();
  });

  it('is free at once when its process was killed', async () => {
    const [holder] = await hold(directory);
    await end(holder, 'SIGKILL');
    taken(lockDataDirectory(directory)).release();
  });

  it('can be taken again after it was released', () => {
    const first = taken(lockDataDirectory(directory));
    first.release();
    first.release();
    taken(lockDataDirectory(directory)).release();
  });

  it('goes to one of several processes that ask at the same time', async () => {
    const asked = await Promise.all([1, 2, 3].map(() => hold(directory)));
    const said = asked.map(([, words]) => words);
    const [winner] = asked.find(([, words]) => words === 'taken') ?? [];
    assert.deepEqual(said.toSorted(), [`held by ${winner?.pid}`, `held by ${winner?.pid}`, 'taken']);
  });
});

function taken(outcome: ReturnType<typeof lockDataDirectory>): DataDirectoryLock {
  assert.ok(!('heldByPid' in outcome), JSON.stringify(outcome));
  return outcome;
}

async function hold(directory: string): Promise<readonly [Holder, string]> {
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'hold-data-directory.ts'), directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  holders.add(holder);
  let said = '';
  for await (const chunk of holder.stdout) {
    said += chunk;
    if (said.endsWith('\n')) break;
  }
  return [holder, said.trim()];
}

async function end(holder: Holder, signal: NodeJS.Signals): Promise<void> {
  const exited = once(holder, 'exit');
  holder.kill(signal);
  await exited;
}
