import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { RunningHost } from '../../src/host/start.ts';
import { makePlace, type Place } from '../host/running.ts';

const program = resolve(import.meta.dirname, '../../bin/postern.js');

describe('the postern command', () => {
  let place: Place;
  let host: RunningHost;

  before(async () => {
    place = await makePlace();
    host = await place.start();
    await host.machinesReady;
  });
  after(async () => {
    await host?.stop();
    await place.remove();
  });

  const start = (words: readonly string[], dataDir = place.dataDir) => {
    const env = { ...process.env, POSTERN_DATA_DIR: dataDir };
    return spawn(process.execPath, [program, ...words], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  };
  const run = async (words: readonly string[], { stdin = '', dataDir = place.dataDir } = {}) => {
    const child = start(words, dataDir);
    child.stdin.end(stdin);
    const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { status, out, err };
  };

  it('answers status for people and for programs', async () => {
    const people = await run(['status']);
    assert.equal(people.status, 0);
    assert.match(people.out, new RegExp(`^origin +${host.origin}$`, 'm'));
    const { origin, subscriptionId } = JSON.parse((await run(['status', '--json'])).out);
    assert.deepEqual([origin, subscriptionId], [host.origin, host.subscriptionId]);
  });

  it('prints for programs what clients outside need, the secret included', async () => {
    const environment = JSON.parse((await run(['env', '--json'])).out);
    assert.deepEqual(Object.keys(environment).toSorted(), [
      'ca',
      'caBundle',
      'clientId',
      'clientSecret',
      'origin',
      'subscriptionId',
      'tenantId',
    ]);
  });

  it('gives a program its words as they are, its input and its exit status', async () => {
    const words = ['--user', 'x y', '--', '$HOME', '--help', ''];
    const printed = await run(['vm', 'exec', 'console', '--', 'printf', '%s|', ...words]);
    assert.deepEqual([printed.status, printed.out], [0, `${words.join('|')}|`]);
    assert.equal((await run(['vm', 'exec', 'console', '--', 'cat'], { stdin: 'in' })).out, 'in');
    assert.equal((await run(['vm', 'exec', 'console', '--', 'sh', '-c', 'exit 7'])).status, 7);
  });

  it('enters as the administrator, or as who is named', async () => {
    const who = ['--', 'sh', '-c', 'printf %s "$MACHINE_USER"'];
    assert.equal((await run(['vm', 'exec', 'console', ...who])).out, 'azureuser');
    assert.equal((await run(['vm', 'exec', '--user', 'root', 'console', ...who])).out, 'root');
  });

  it('passes signals on, and ends as the program ends', async () => {
    const script = 'trap "exit 9" TERM; echo up; while :; do sleep 0.05; done';
    const child = start(['vm', 'exec', 'console', '--', 'sh', '-c', script]);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [status] = await once(child, 'exit');
    assert.equal(status, 9);
    const untrapped = start(['vm', 'exec', 'console', '--', 'sh', '-c', 'echo up; exec sleep 60']);
    await once(untrapped.stdout, 'data');
    untrapped.kill('SIGHUP');
    assert.equal((await once(untrapped, 'exit'))[0], 128 + 1);
  });

  it('tells an allowed question from a denied one by its exit status', async () => {
    const why = ['access', 'why', '--action', 'Microsoft.Compute/virtualMachines/read'];
    const allowed = await run([...why, '--machine', 'console']);
    assert.equal(allowed.status, 0);
    assert.match(allowed.out, /^allowed: .* Owner /);
    assert.equal((await run([...why, '--principal', '00000000-0000-4000-8000-000000000001'])).status, 5);
  });

  it('says that nothing runs here, and how to start it', async () => {
    for (const words of [['status'], ['env'], ['vm', 'list'], ['vm', 'exec', 'x'], ['shell'], ['az-cloud']]) {
      const { status, out, err } = await run(words, { dataDir: '/nowhere/postern' });
      assert.deepEqual([status, out], [3, ''], words.join(' '));
      assert.match(err, /no Postern is running on \/nowhere\/postern\. Start one with `postern up/);
    }
  });

  it('refuses a data directory that is in use', async () => {
    const { status, err } = await run(['up', '--port', '0']);
    assert.equal(status, 4);
    assert.match(err, new RegExp(`in use by process ${process.pid}`));
  });

  it('ends wrong usage with 2 and a hint', async () => {
    for (const words of [
      ['frob'],
      ['vm', 'exec'],
      ['up', '--port', '70000'],
      ['access', 'why'],
      ['status', '--frob'],
    ]) {
      const { status, err } = await run(words);
      assert.equal(status, 2, words.join(' '));
      assert.match(err, /--help|Usage/);
    }
  });

  it('has help with examples for every command', async () => {
    for (const words of [
      '',
      'up',
      'start',
      'story',
      'shell',
      'vm exec',
      'env',
      'az-cloud',
      'access why',
      'token decode',
    ]) {
      const { status, out } = await run([...words.split(' ').filter(Boolean), '--help']);
      assert.equal(status, 0, words);
      assert.match(out, /Examples:\n {2}\$ |Examples:\n {2}\$ postern/, words);
    }
  });
});
