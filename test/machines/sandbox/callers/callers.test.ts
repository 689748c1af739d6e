import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { LocalUser } from '../../../../src/core/access/caller.ts';
import type { Caller } from '../../../../src/core/ports/caller.ts';
import type { MachineGroup } from '../../../../src/core/ports/machine-host.ts';
import { isRefusal } from '../../../../src/core/refusal.ts';
import { findAbility } from '../../../../src/machines/sandbox/ability.ts';
import type { SandboxHost } from '../../../../src/machines/sandbox/sandbox-host.ts';
import { idOf, openDoorlessHost, runEntry, specOf } from '../stand.ts';

const ability = await findAbility();
const refused = 'missing' in ability && `no machines here: ${ability.missing.join(' ')}`;
const kind = 'missing' in ability ? undefined : ability.mapFor('').kind;
const oneId = kind === 'single' && 'rootless without uidmap: a machine has no user but root';
/** Who runs the programs that are looked for. */
const user = oneId ? 'root' : 'bob';

/** In JavaScript, for `node -e` inside: opens a connection to the metadata endpoint. */
const dial = "require('net').connect(80, '169.254.169.254')";

describe("a machine's caller", { skip: refused }, () => {
  let host: SandboxHost;
  let folder: string;
  /** Every caller's user, as the connections came. */
  let seen: (LocalUser | undefined | Promise<LocalUser | undefined>)[] = [];

  /** The caller who said `open`. */
  const opened = Promise.withResolvers<Caller>();

  /** Answers `who` with the user and `what` with the program, as JSON. */
  const serve = (socket: Socket, _machine: string, caller: Caller) => {
    seen.push(caller.user());
    socket.on('error', () => undefined);
    socket.on('data', async (bytes) => {
      if (String(bytes) === 'open') return opened.resolve(caller);
      const found = String(bytes).startsWith('who') ? await caller.user() : await caller.process();
      socket.end(JSON.stringify(found ?? null));
    });
  };
  const run = async (user: string, ...command: readonly string[]) => {
    const entry = host.entry(idOf('web-1'), user);
    if (entry === undefined || isRefusal(entry)) throw new Error('no entry');
    const { status, out, error } = await runEntry(entry, command);
    assert.equal(status, 0, error);
    return out.trim();
  };
  const spawnIn = (user: string, script: string) => {
    const entry = host.entry(idOf('web-1'), user);
    if (entry === undefined || isRefusal(entry)) throw new Error('no entry');
    const [program = '', ...words] = [...entry.argv, 'node', '-e', script];
    return spawn(program, words, { env: entry.env, stdio: 'ignore' });
  };
  const js = (user: string, script: string) => run(user, 'node', '-e', script);

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'postern-callers-')));
    host = await openDoorlessHost(join(folder, 'state'), serve);
    const started = await host.start(specOf('web-1', ['azureuser', 'bob']));
    if (isRefusal(started)) throw new Error(started.message);
  });
  after(async () => {
    await host.remove(idOf('web-1'));
    rmSync(folder, { recursive: true });
  });

  it('is the user who opened the connection, by the names of the machine', { skip: oneId }, async () => {
    const ask = `${dial}.on('data', (b) => console.log(String(b))).write('who')`;
    assert.deepEqual(JSON.parse(await js('root', ask)), { uid: 0, userName: 'root', groupNames: ['root'] });
    assert.deepEqual(JSON.parse(await js('azureuser', ask)), {
      uid: 1000,
      userName: 'azureuser',
      groupNames: ['azureuser'],
    });
    assert.equal((JSON.parse(await js('bob', ask)) as LocalUser).userName, 'bob');
  });

  it('is that user also in a user namespace in which it is root', { skip: oneId }, async (t) => {
    const ask = `${dial}.on('data', (b) => console.log(String(b))).write('who')`;
    const entered = await run('bob', 'sh', '-c', `unshare --user --map-root-user node -e "${ask}" || echo none`);
    if (entered === 'none') return t.skip('no user namespaces inside machines here');
    assert.equal((JSON.parse(entered) as LocalUser).userName, 'bob');
  });

  it('is called by the names that the machine has at the time, also on an open connection', {
    skip: oneId,
  }, async () => {
    const change = (groups: readonly MachineGroup[]) => host.start(specOf('web-1', ['azureuser', 'bob'], groups));
    const asked = (caller: Caller | undefined) => Promise.resolve(caller?.user()).then((user) => user?.groupNames);
    const child = spawnIn('bob', `${dial}.on('data', () => 0).write('open')`);
    const caller = await opened.promise;
    assert.deepEqual(await asked(caller), ['bob']);
    await change([{ name: 'deploy', members: ['bob'] }]);
    assert.deepEqual(await asked(caller), ['bob', 'deploy']);
    await change([]);
    assert.deepEqual(await asked(caller), ['bob']);
    child.kill();
    await once(child, 'close');
  });

  it('that closes at once is that user or nobody, never another', { skip: oneId }, async () => {
    seen = [];
    const script = `let n = 0; const next = () => { if (n++ < 100) { const s = ${dial}; s.on('error', () => 0).on('close', next);
      s.on('connect', () => n % 2 ? s.destroy() : s.resetAndDestroy()); } }; next()`;
    await js('bob', script);
    // Connections are accepted in the order in which they came: once this one is answered, all before it were.
    await js('bob', `const s = ${dial}; s.write('who'); s.on('data', () => process.exit())`);
    const users = await Promise.all(seen);
    assert.equal(users.length, 101);
    assert.deepEqual(new Set(users.map((user) => user?.userName ?? 'bob')), new Set(['bob']));
  });

  it('is each its own of 1,000 at once, by two users', { skip: oneId }, async () => {
    seen = [];
    const script = `const all = []; for (let i = 0; i < 500; i++) { const s = ${dial}; s.on('data', (b) => { all.push(JSON.parse(b)?.userName);
      if (all.length === 500) console.log([...new Set(all)].join()); }); s.write('who'); }`;
    assert.deepEqual(await Promise.all([js('bob', script), js('azureuser', script)]), ['bob', 'azureuser']);
    assert.equal(seen.length, 1000);
  });

  describe("'s program", () => {
    const ask = (before = '') =>
      `const s = ${dial}; s.on('connect', () => { ${before}; s.write('what') }); s.on('data', (b) => { console.log(String(b), process.pid); process.exit() })`;

    it('is named by its path, id and command line', async () => {
      const [, json = '', pid] = /^(.*) (\d+)$/.exec(await js(user, ask())) ?? [];
      const program = JSON.parse(json) as {
        pid: number;
        exePath: string;
        processName: string;
        commandLine: string[];
      };
      assert.equal(program.pid, Number(pid));
      assert.equal(program.exePath, realpathSync(process.execPath));
      assert.equal(program.processName, basename(program.exePath));
      assert.deepEqual(program.commandLine.slice(0, 2), ['node', '-e']);
    });

    it('is each its own of 100 at once', async () => {
      const script = `let n = 0; for (let i = 0; i < 100; i++) { const s = ${dial}; s.write('what'); s.on('data', (b) => {
        if (JSON.parse(b)?.pid !== process.pid) throw new Error(String(b)); if (++n === 100) console.log('all'); }); }`;
      assert.equal(await js(user, script), 'all');
    });

    it('is called by its path, whatever it calls itself', async () => {
      const said = await js(user, ask("process.title = 'other'"));
      assert.match(said, new RegExp(`"processName":"${basename(realpathSync(process.execPath))}"`));
    });

    it('is known when its children share the connection', async () => {
      const share =
        "require('child_process').spawn('node', ['-e', 'setTimeout(() => 0, 3000)'], { stdio: [s._handle.fd, 'ignore', 'ignore'] })";
      // The child must run its program, and not still be a copy of its parent.
      const said = await js(user, ask(`${share}; require('child_process').execFileSync('sleep', ['0.3'])`));
      assert.match(said, /"exePath"/);
    });

    it('is known while a process that has ended waits for its parent', async () => {
      const leave = "require('child_process').spawn('sh', ['-c', 'true & exec sleep 3'], { stdio: 'ignore' })";
      const said = await js(user, ask(`${leave}; require('child_process').execFileSync('sleep', ['0.3'])`));
      assert.match(said, /"exePath"/);
    });

    it('is nobody when another program shares the connection', async () => {
      const share = "require('child_process').spawn('sleep', ['3'], { stdio: [s._handle.fd, 'ignore', 'ignore'] })";
      assert.match(await js(user, ask(share)), /^null /);
    });

    it('is nobody in file trees of its own, where any file can stand at any path', async (t) => {
      const said = await run(
        user,
        'sh',
        '-c',
        `unshare --user --map-root-user --mount node -e "${ask()}" || echo none`,
      );
      if (said === 'none') return t.skip('no user namespaces inside machines here');
      assert.match(said, /^null /);
    });
  });
});
