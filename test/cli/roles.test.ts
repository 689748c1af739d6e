import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { OperatorRole } from '../../src/host/operator/wire.ts';
import type { RunningHost } from '../../src/host/start.ts';
import { makePlace, type Place } from '../host/running.ts';

const program = resolve(import.meta.dirname, '../../bin/postern.js');
const operate = {
  name: '11111111-2222-4333-8444-555555555555',
  roleName: 'Operate',
  roleType: 'BuiltInRole',
  description: '',
  assignableScopes: ['/'],
  permissions: [{ actions: ['Microsoft.Compute/virtualMachines/operate/action'] }],
};

describe('postern roles', () => {
  let place: Place;
  let host: RunningHost;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-roles-'));
    place = await makePlace();
    host = await place.start();
  });
  after(async () => {
    await host?.stop();
    await place.remove();
    await rm(folder, { recursive: true });
  });

  const run = (words: readonly string[], stdin = ''): Promise<{ status: number; out: string; err: string }> =>
    new Promise((done) => {
      const child = spawn(process.execPath, [program, ...words, '--data-dir', place.dataDir]);
      let [out, err] = ['', ''];
      child.stdout.on('data', (text) => (out += text));
      child.stderr.on('data', (text) => (err += text));
      child.on('close', (status) => done({ status: status ?? -1, out, err }));
      child.stdin.on('error', () => undefined).end(stdin);
    });
  const list = async (...words: readonly string[]) =>
    JSON.parse((await run(['roles', 'list', '--json', ...words])).out) as readonly OperatorRole[];
  const file = async (text: string) => {
    const path = join(folder, 'roles.json');
    await writeFile(path, text);
    return path;
  };

  it('lists what is shipped', async () => {
    const roles = await list();
    assert.ok(roles.length >= 100 && roles.every(({ origin }) => origin === 'shipped'));
    assert.match((await run(['roles', 'list'])).out, /^Owner +8e3af657-a8ff-443c-a75c-2fe8c4bcb635 +shipped$/m);
  });

  it('imports nothing of half a file', async () => {
    const whole = JSON.stringify([operate]);
    const { status, err } = await run(['roles', 'import', await file(whole.slice(0, whole.length / 2))]);
    assert.equal(status, 1);
    assert.match(err, /nothing was imported: .*roles\.json is not JSON, or not all of it/);
    assert.deepEqual(await list('--origin', 'imported'), []);
  });

  it('imports nothing of a file of 50 MB, and does not read it to its end', async () => {
    const path = await file('[');
    await truncate(path, 50_000_000);
    const { status, err } = await run(['roles', 'import', path]);
    assert.equal(status, 1);
    assert.match(err, /nothing was imported: .* has more than 32 MiB/);
  });

  it('imports nothing where one entry is wrong, and names it; nor what is no list, nor what is not there', async () => {
    const wrong = { ...operate, permissions: [{ actions: [''] }] };
    const refused = await run(['roles', 'import', await file(JSON.stringify([operate, wrong]))]);
    assert.equal(refused.status, 1);
    assert.match(refused.err, /nothing was imported: entry 2 \('Operate'\): .*'permissions\[0\]\.actions\[0\]'/);
    assert.match((await run(['roles', 'import', await file('"roles"')])).err, /is not a list of role definitions/);
    assert.match((await run(['roles', 'import', join(folder, 'none.json')])).err, /cannot be read: ENOENT/);
    assert.deepEqual(await list('--origin', 'imported'), []);
  });

  it('imports a file, and standard input', async () => {
    const first = await run(['roles', 'import', await file(JSON.stringify([operate]))]);
    assert.deepEqual([first.status, first.out], [0, 'imported 1 built-in and 0 custom roles; 0 were here already.\n']);
    const again = await run(['roles', 'import', '-', '--json'], JSON.stringify({ value: [operate] }));
    assert.deepEqual(JSON.parse(again.out), { builtIn: 0, custom: 0, unchanged: 1 });
    assert.deepEqual(
      (await list('--origin', 'imported')).map(({ roleName }) => roleName),
      ['Operate'],
    );
  });
});
