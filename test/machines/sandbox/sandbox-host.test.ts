import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRefusal } from '../../../src/core/refusal.ts';
import { findAbility } from '../../../src/machines/sandbox/ability.ts';
import { identifyProcess, isSameProcess } from '../../../src/machines/sandbox/process-identity.ts';
import { openSandboxHost } from '../../../src/machines/sandbox/sandbox-host.ts';
import { idOf, openStand, runEntry, type Stand, specOf } from './stand.ts';

const ability = await findAbility();
const refused = 'missing' in ability && `no machines here: ${ability.missing.join(' ')}`;
const kind = 'missing' in ability ? undefined : ability.mapFor('').kind;
const oneId = kind === 'single' && 'rootless without uidmap: a machine has no user but root';

/** 169.254.169.254 as /proc/net/tcp writes it: the four bytes in the processor's order. */
const metadataAddress = 'FEA9FEA9';

describe('a sandbox machine', { skip: refused }, () => {
  let stand: Stand;
  before(async () => {
    stand = await openStand();
    await Promise.all([stand.start('web-1', ['azureuser', 'bob']), stand.start('web-2')]);
  });
  after(() => stand.close());

  describe('has a metadata endpoint that is bound to it', () => {
    it('answers at 169.254.169.254:80 inside, as that machine', async () => {
      assert.equal(
        await stand.sh(
          'web-1',
          'root',
          'node -e "fetch(\'http://169.254.169.254/a\').then(async (r) => console.log(await r.text()))"',
        ),
        `imds ${idOf('web-1')} 169.254.169.254 /a`,
      );
    });

    it('answers as another machine in another one, whatever it sends', async () => {
      const script = `fetch('http://169.254.169.254/', { headers: { 'x-machine': '${idOf('web-1')}' } })`;
      const said = await stand.sh(
        'web-2',
        'root',
        `node -e "${script}.then(async (r) => console.log(await r.text()))"`,
      );
      assert.equal(said, `imds ${idOf('web-2')} 169.254.169.254 /`);
    });

    it('listens nowhere on the host', () => {
      const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFileSync(file, 'utf8')).join('');
      assert.doesNotMatch(tables, new RegExp(`${metadataAddress}:0050`));
    });

    it('leaves nobody inside a place to imitate it', async () => {
      const script =
        "require('net').createServer().listen(80, '169.254.169.254').on('error', (e) => console.log(e.code))";
      assert.equal(await stand.sh('web-1', 'root', `node -e "${script}"`), 'EADDRINUSE');
    });
  });

  describe('reaches the public cloud names at Postern', () => {
    it('over TLS that Node trusts there', async () => {
      const script = "fetch('https://management.azure.com/x').then(async (r) => console.log(await r.text()))";
      assert.equal(
        await stand.sh('web-2', 'root', `node -e "${script}"`),
        `cloud ${idOf('web-2')} management.azure.com /x`,
      );
    });

    it('refuses a certificate that is for another name', async () => {
      const script = "fetch('https://login.microsoftonline.com/').catch((e) => console.log(e.cause.code))";
      assert.equal(await stand.sh('web-1', 'root', `node -e "${script}"`), 'ERR_TLS_CERT_ALTNAME_INVALID');
    });

    it('has no other network', async () => {
      assert.match(await stand.sh('web-1', 'root', 'cat /proc/net/dev | tail -n +3'), /^\s*lo:[^\n]*$/);
      const script = "require('net').connect(80, '192.0.2.1').on('error', (e) => console.log(e.code))";
      assert.equal(await stand.sh('web-1', 'root', `node -e "${script}"`), 'ENETUNREACH');
    });
  });

  describe('is a machine of its own', () => {
    it('has its own name, processes and users', async () => {
      assert.equal(await stand.sh('web-1', 'root', 'hostname; cat /etc/hostname'), 'web-1\nweb-1');
      assert.equal(await stand.sh('web-1', 'root', 'cat /proc/1/comm'), 'cat');
      assert.ok(Number(await stand.sh('web-1', 'root', 'ls -d /proc/[0-9]* | wc -l')) <= 5);
      assert.equal(await stand.sh('web-1', 'root', 'id -un; id -u bob; pwd; echo $HOME'), 'root\n1001\n/root\n/root');
    });

    it('gives a login shell the programs that every entry has', async () => {
      const node = await stand.sh('web-1', 'root', 'command -v node');
      assert.notEqual(node, '');
      assert.equal(await stand.sh('web-1', 'root', "sh -l -c 'command -v node'"), node);
    });

    it('lets each user write its own home and no other', { skip: oneId }, async () => {
      assert.equal(
        await stand.sh('web-1', 'azureuser', 'id -un; pwd; echo mine >note; cat note'),
        'azureuser\n/home/azureuser\nmine',
      );
      assert.match((await stand.run('web-1', 'bob', 'cat', '/home/azureuser/note')).error, /Permission denied/);
      assert.match((await stand.run('web-1', 'bob', 'ls', '/root')).error, /Permission denied/);
    });

    it('shares no disk with another machine', async () => {
      await stand.sh('web-1', 'root', 'echo 1 >/root/only; echo 1 >/tmp/only; echo 1 >/var/tmp/only');
      assert.equal(await stand.sh('web-2', 'root', 'find /root /tmp /var -name only'), '');
    });

    it('leaves no zombies', async () => {
      await stand.sh('web-1', 'root', 'sh -c "true & true & exec true" & wait');
      assert.doesNotMatch(await stand.sh('web-1', 'root', 'cat /proc/[0-9]*/stat 2>/dev/null'), /\) Z /);
    });

    it('cannot end its own init', async () => {
      const { status } = await stand.run(
        'web-1',
        'root',
        'sh',
        '-c',
        'kill -9 1; kill -TERM 1; sleep 0; test -d /proc/1',
      );
      assert.equal(status, 0);
    });
  });

  describe('holds nothing of the host', () => {
    it('shows a tool read-only', async () => {
      assert.equal(await stand.sh('web-1', 'root', `cat ${stand.tool}/open`), 'open');
      assert.match((await stand.run('web-1', 'root', 'touch', `${stand.tool}/new`)).error, /Read-only file system/);
      assert.match((await stand.run('web-1', 'root', 'touch', '/usr/new')).error, /Read-only file system/);
      assert.match((await stand.run('web-1', 'root', 'touch', '/etc/new')).error, /Read-only file system/);
    });

    it('shows neither a hidden folder nor the machines’ state', async () => {
      assert.equal(await stand.sh('web-1', 'root', `ls -A ${stand.tool}/hidden`), '');
      assert.equal(await stand.sh('web-1', 'root', `test -e ${stand.stateDir} || echo absent`), 'absent');
      assert.equal(await stand.sh('web-1', 'root', 'ls -A /mnt /srv'), '/mnt:\n\n/srv:');
    });

    it("does not let its root read a private file of the host's root", {
      skip: kind !== 'shifted' && 'only root has such files',
    }, async () => {
      assert.match((await stand.run('web-1', 'root', 'cat', `${stand.tool}/private`)).error, /Permission denied/);
      const [, outside] = (await stand.sh('web-1', 'root', 'cat /proc/self/uid_map')).trim().split(/\s+/);
      assert.ok(Number(outside) >= 0x1000_0000);
    });

    it('does not let its root lift a mount, from a new mount namespace either', async () => {
      const hidden = `${stand.tool}/hidden`;
      for (const script of [
        `umount ${hidden}`,
        `unshare -m umount ${hidden}`,
        `unshare -Urm umount -l ${hidden}`,
        'umount /proc',
      ]) {
        const { status } = await stand.run('web-1', 'root', 'sh', '-c', script);
        assert.notEqual(status, 0, script);
      }
      assert.notEqual((await stand.run('web-1', 'root', 'mount', '-o', 'remount,rw,bind', stand.tool)).status, 0);
      assert.notEqual(
        (await stand.run('web-1', 'root', 'unshare', '-m', 'mount', '-o', 'remount,rw,bind', stand.tool)).status,
        0,
      );
    });

    it('does not let its root change the network or the name', async () => {
      for (const script of ['ip link set lo down', 'ip address del 169.254.169.254/32 dev lo', 'hostname other']) {
        assert.notEqual((await stand.run('web-1', 'root', 'sh', '-c', script)).status, 0, script);
      }
    });
  });

  describe('is entered by a host command', () => {
    it('whose exit status is the program’s', async () => {
      assert.equal((await stand.run('web-1', 'root', 'sh', '-c', 'exit 7')).status, 7);
      assert.equal((await stand.run('web-1', 'root', 'no-such-program')).status, 127);
    });

    it('whose signal is the program’s', async () => {
      assert.equal((await stand.run('web-1', 'root', 'sh', '-c', 'kill -USR1 $$')).signal, 'SIGUSR1');
    });

    it('whose end is the program’s end', async () => {
      const { argv, env } = stand.entry('web-1', 'root');
      const [program = '', ...words] = [
        ...argv,
        'sh',
        '-c',
        'trap "echo ended; exit" TERM; echo up; while :; do sleep 0.05; done',
      ];
      const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
      const lines: string[] = [];
      child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
      await once(child.stdout, 'data');
      child.kill('SIGTERM');
      await once(child, 'close');
      assert.equal(lines.join(''), 'up\nended\n');
    });

    it('which gives nothing run inside new privileges', async () => {
      assert.match(await stand.sh('web-1', 'root', 'cat /proc/self/status'), /NoNewPrivs:\s*1/);
    });

    it('only as a user that it has', () => {
      const refusal = stand.host.entry(idOf('web-2'), 'bob');
      assert.ok(isRefusal(refusal));
      assert.equal(refusal.refused, 'InvalidParameter');
      assert.match(refusal.message, /no user 'bob'. It has: root, azureuser\./);
    });

    it('as another user only where it can have one', {
      skip: kind !== 'single' && 'the machine has more ids than one',
    }, () => {
      const refusal = stand.host.entry(idOf('web-2'), 'azureuser');
      assert.ok(isRefusal(refusal));
      assert.match(refusal.message, /its only user is root. To have more: .*restart Postern/);
    });

    it('in any letter case of its id', () => {
      assert.ok(stand.host.entry(idOf('WEB-1').toUpperCase(), 'root'));
      assert.equal(stand.host.running(idOf('WEB-1').toUpperCase())?.resourceId, idOf('web-1'));
      assert.equal(stand.host.entry(idOf('web-10'), 'root'), undefined);
    });
  });
});

describe('the life of a sandbox machine', { skip: refused }, () => {
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  after(() => stand.close());

  it('is started once, however often it is asked for', async () => {
    const [first, second] = await Promise.all([stand.start('once'), stand.start('once')]);
    assert.equal(second, first);
    assert.equal(await stand.start('once'), first);
  });

  it('ends every process when it is stopped, and its doors', async () => {
    const { initPid } = await stand.start('ended');
    const init = identifyProcess(initPid);
    const sleeping = runEntry(stand.entry('ended', 'root'), ['sh', '-c', 'setsid sleep 1000 & exec sleep 1000']);
    await stand.host.stop(idOf('ended'));
    assert.notEqual((await sleeping).status, 0);
    assert.ok(init !== undefined && !isSameProcess(init));
    assert.equal(stand.host.running(idOf('ended')), undefined);
    assert.equal(stand.host.entry(idOf('ended'), 'root'), undefined);
    await stand.host.stop(idOf('ended'));
    assert.ok(!stand.log.includes('machineEnded'));
  });

  it('comes back with its disk and its users’ ids, and an empty memory', async () => {
    await stand.start('back', ['azureuser', 'bob']);
    await stand.sh('back', 'root', 'echo kept >/root/note; echo lost >/tmp/note');
    await stand.host.stop(idOf('back'));
    await stand.start('back', ['bob']);
    assert.equal(await stand.sh('back', 'root', 'cat /root/note; ls /tmp/note 2>/dev/null; id -u bob'), 'kept\n1001');
  });

  it('gains and loses users while it runs', async () => {
    const { initPid } = await stand.start('users');
    assert.equal((await stand.start('users', ['azureuser', 'carol'])).initPid, initPid);
    assert.equal(await stand.sh('users', 'root', 'id -u carol; test -d /home/carol && echo home'), '1001\nhome');
    await stand.start('users', ['carol']);
    assert.ok(isRefusal(stand.host.entry(idOf('users'), 'azureuser')));
    assert.equal(await stand.sh('users', 'root', 'id -u carol; id azureuser 2>/dev/null || echo gone'), '1001\ngone');
  });

  it('has its users in groups, as they change while it runs', { skip: oneId }, async () => {
    const groups = [{ name: 'deploy', members: ['bob', 'root'] }];
    await stand.start('groups', ['azureuser', 'bob'], groups);
    const groupsOf = (user: string) => stand.sh('groups', user, 'id -Gn; sleep 0 && grep CapEff /proc/self/status');
    const none = 'CapEff:\t0000000000000000';
    assert.equal(await groupsOf('bob'), `bob deploy\n${none}`);
    assert.equal(await groupsOf('azureuser'), `azureuser\n${none}`);
    assert.match(await groupsOf('root'), /^root deploy\n/);
    await stand.start('groups', ['azureuser', 'bob', 'carol'], [{ name: 'deploy', members: ['carol'] }]);
    assert.equal(await groupsOf('bob'), `bob\n${none}`);
    assert.equal(await stand.sh('groups', 'carol', 'id -u; id -g; id -G'), '1003\n1003\n1003 1002');
    await stand.start('groups', ['bob']);
    assert.equal(await stand.sh('groups', 'root', 'grep deploy /etc/group || echo gone'), 'gone');
  });

  it('is never led out of its disk by a link that it left there', async () => {
    const victim = join(stand.folder, 'victim');
    mkdirSync(victim, { mode: 0o700 });
    await stand.start('links');
    await stand.sh(
      'links',
      'root',
      `ln -s ${victim} /home/dave; rm -rf /home/azureuser; ln -s ${victim} /home/azureuser`,
    );
    await stand.host.stop(idOf('links'));
    await stand.start('links', ['azureuser', 'dave']);
    assert.equal(await stand.sh('links', 'root', 'test -L /home/dave || test -L /home/azureuser || echo real'), 'real');
    assert.equal(statSync(victim).uid, process.getuid?.());
    await stand.host.remove(idOf('links'));
    assert.ok(existsSync(victim));
  });

  it('is told of when it ends by itself, and can be started again', async () => {
    const { initPid } = await stand.start('killed');
    const exit = runEntry(stand.entry('killed', 'root'), ['sleep', '1000']);
    process.kill(initPid, 'SIGKILL');
    await exit;
    while (stand.host.running(idOf('killed'))?.initPid === initPid) await new Promise(setImmediate);
    assert.ok(stand.log.includes('machineEnded'));
    assert.notEqual((await stand.start('killed')).initPid, initPid);
  });

  it('leaves no trace when it is removed', async () => {
    await stand.start('gone');
    await stand.sh('gone', 'root', 'mkdir -m 0 /root/closed; mkdir -p /home/azureuser/deep/deeper');
    await stand.host.remove(idOf('gone'));
    assert.ok(!readdirSync(stand.stateDir).some((name) => name.includes('gone')));
    await stand.host.remove(idOf('gone'));
  });

  it('is removed by a later host too, while it is stopped', async () => {
    await stand.start('later');
    await stand.host.stop(idOf('later'));
    const options = { publicNames: [], caCertificatePem: '', toolPaths: [], hiddenPaths: [] };
    const doors = { imds: () => undefined, cloud: () => undefined };
    const clock = { now: () => 0 as never };
    const later = await openSandboxHost({ ...options, doors, clock, stateDir: stand.stateDir });
    await later.remove(idOf('LATER'));
    assert.ok(!existsSync(join(stand.stateDir, 'vm-0000-later')));
  });

  it('is refused for a specification that no machine can have', async () => {
    const refusal = await stand.host.start({ ...specOf('bad'), users: ['a:b'] });
    assert.ok(isRefusal(refusal) && refusal.refused === 'InvalidParameter');
    assert.ok(!existsSync(join(stand.stateDir, 'vm-0000-bad')));
  });
});
