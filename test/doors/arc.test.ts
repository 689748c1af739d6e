import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isRefusal } from '../../src/core/refusal.ts';
import { doorsOver } from '../../src/doors/doors.ts';
import { doorPorts, machine, resource, statusOfTarget } from './opened.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'postern-arc-')));
const folder = join(root, 'tokens');
const { ports, state } = doorPorts(folder);
const doors = doorsOver(ports);
after(async () => {
  await doors.close();
  rmSync(root, { recursive: true, force: true });
});
const door = await doors.open(machine, 'arc');
assert.ok(!isRefusal(door));
const endpoint = door.variables['IDENTITY_ENDPOINT'] ?? '';

const ask = (headers: Record<string, string>, query: Record<string, string> = {}) =>
  fetch(`${endpoint}?${new URLSearchParams({ 'api-version': '2020-06-01', resource, ...query })}`, {
    headers: { Metadata: 'true', ...headers },
  });
/** Asks once and answers the challenge's file, found as clients find it: behind the first `=`. */
const challenge = async () => {
  const response = await ask({});
  assert.equal(response.status, 401);
  const header = response.headers.get('www-authenticate') ?? '';
  assert.match(header, /^Basic realm=\/.*\.key$/);
  return header.split('=')[1] ?? '';
};

describe("Azure Arc's endpoint", () => {
  it('challenges with a file that its owner alone may read, and answers who has read it', async () => {
    const file = await challenge();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const content = readFileSync(file, 'utf8');
    assert.equal(content.trim(), content);
    assert.ok(content.length <= 4096);
    const granted = await ask({ Authorization: `Basic ${content}` });
    assert.equal(granted.status, 200);
    const body = (await granted.json()) as Record<string, string>;
    assert.equal(body['access_token'], 'a.b.c');
    assert.equal(body['expires_in'], '86400');
  });

  it('takes an answer once, and only within a minute', async () => {
    const content = readFileSync(await challenge(), 'utf8');
    assert.equal((await ask({ Authorization: `Basic ${content}` })).status, 200);
    assert.equal((await ask({ Authorization: `Basic ${content}` })).status, 401, 'replayed');
    const late = readFileSync(await challenge(), 'utf8');
    state.millis += 60_000;
    assert.equal((await ask({ Authorization: `Basic ${late}` })).status, 401, 'late');
    assert.equal((await ask({ Authorization: 'Basic guessed' })).status, 401);
  });

  it('answers who is denied by access control as the metadata service does', async () => {
    const answered = async () => ask({ Authorization: `Basic ${readFileSync(await challenge(), 'utf8')}` });
    state.denied = true;
    const denied = await answered();
    state.denied = false;
    assert.equal(denied.status, 403);
    assert.equal(((await denied.json()) as Record<string, string>)['error'], 'access_denied');
    assert.equal((await answered()).status, 200);
  });

  it('takes the files away again', async () => {
    for (const name of readdirSync(folder)) {
      const content = readFileSync(join(folder, name), 'utf8');
      await ask({ Authorization: `Basic ${content}` });
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  it('echoes the selector that was sent, which clients check', async () => {
    const content = readFileSync(await challenge(), 'utf8');
    const granted = await ask({ Authorization: `Basic ${content}` }, { msi_res_id: '/x/shared' });
    assert.equal(((await granted.json()) as Record<string, string>)['msi_res_id'], '/x/shared');
  });

  it('refuses a request without the header, a forwarded one, and one for nothing, before any challenge', async () => {
    assert.equal((await ask({ Metadata: 'false' })).status, 400);
    assert.equal((await ask({ 'X-Forwarded-For': '10.0.0.1' })).status, 400);
    assert.equal((await fetch(endpoint, { headers: { Metadata: 'true' } })).status, 400);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('has one path, whatever else is asked for', async () => {
    for (const target of ['//', '/', '/metadata/identity', '/metadata/instance'])
      assert.equal(await statusOfTarget(endpoint, target), 404, target);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('keeps at most 64 challenges', async () => {
    for (let asked = 0; asked < 70; asked += 1) await (await ask({})).body?.cancel();
    assert.ok(readdirSync(folder).length <= 64);
  });
});

describe('the folder of challenges', () => {
  const refusalFor = async (tokensFolder: string) => {
    const others = doorsOver({ ...ports, tokensFolder });
    const opened = await others.open(machine, 'arc');
    await others.close();
    return isRefusal(opened) ? opened.message : 'it was opened';
  };

  it('is refused when it is a symbolic link, or lies behind one', async () => {
    mkdirSync(join(root, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(root, 'elsewhere'), join(root, 'link'));
    assert.match(await refusalFor(join(root, 'link')), /symbolic link/);
    assert.match(await refusalFor(join(root, 'link', 'tokens')), /symbolic link/);
  });

  it('is refused when others may write to it', async () => {
    const open = join(root, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    assert.match(await refusalFor(open), /others may write to it/);
    chmodSync(open, 0o755);
    assert.equal(await refusalFor(open), 'it was opened');
  });

  it("is refused when it is somebody else's", {
    skip: process.getuid?.() !== 0 && 'only root gives folders away',
  }, async () => {
    const theirs = join(root, 'theirs');
    mkdirSync(theirs, { mode: 0o700 });
    chownSync(theirs, 12345, 12345);
    assert.match(await refusalFor(theirs), /belongs to uid 12345/);
    chownSync(theirs, 0, 0);
    assert.equal(await refusalFor(theirs), 'it was opened');
  });

  it('is refused when it cannot be made, with the command that makes it', async () => {
    const told = await refusalFor('/dev/null/tokens');
    assert.match(told, /cannot be made or read \(ENOTDIR\).*: sudo install -d -m 0700 -o \S+ \/dev\/null\/tokens/);
  });
});
