import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MachineScript, ScriptOutcome } from '../../../src/core/ports/machine-host.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import { findAbility } from '../../../src/machines/sandbox/ability.ts';
import { idOf, openStand, type Stand } from './stand.ts';

const ability = await findAbility();
const refused = 'missing' in ability && `no machines here: ${ability.missing.join(' ')}`;
const kind = 'missing' in ability ? undefined : ability.mapFor('').kind;
const oneId = kind === 'single' && 'rootless without uidmap: a machine has no user but root';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What buffers take that somebody still refers to. */
const heldBytes = async () => {
  // Streams that have ended let go of theirs in the turns that follow.
  for (let turn = 0; turn < 10; turn += 1) {
    await setImmediate();
    collect();
  }
  return process.memoryUsage().arrayBuffers;
};

describe('a script in a machine', { skip: refused }, () => {
  let stand: Stand;
  before(async () => {
    stand = await openStand();
    await Promise.all([stand.start('web-1', ['azureuser']), stand.start('web-2')]);
  });
  after(() => stand.close());

  const scriptOf = (text: string, more: Partial<MachineScript> = {}): MachineScript => ({
    text,
    user: 'root',
    arguments: [],
    variables: {},
    timeoutSeconds: 60,
    keptBytes: 4096,
    ...more,
  });
  const start = async (text: string, more: Partial<MachineScript> = {}, signal = new AbortController().signal) => {
    const outcome = await stand.host.run(idOf('web-1'), scriptOf(text, more), signal);
    if (outcome === undefined || isRefusal(outcome)) throw new Error(`not run: ${JSON.stringify(outcome)}`);
    return outcome;
  };
  /** Processes of the machine that run this program. */
  const processes = (words: string) => stand.sh('web-1', 'root', `pgrep -fc '${words}' || true`);

  it('runs as root in the machine and answers its two streams and its exit status', async () => {
    assert.deepEqual(await start('id -un; hostname; echo oops >&2; exit 3'), {
      end: 'exited',
      exitCode: 3,
      output: 'root\nweb-1\n',
      error: 'oops\n',
    } satisfies ScriptOutcome);
  });

  it('runs as another user', { skip: oneId }, async () => {
    assert.equal((await start('id -un; pwd', { user: 'azureuser' })).output, 'azureuser\n/home/azureuser\n');
  });

  it('is refused for a user that the machine does not have', async () => {
    const outcome = await stand.host.run(idOf('web-1'), scriptOf('id', { user: 'eve' }), new AbortController().signal);
    assert.ok(isRefusal(outcome) && outcome.refused === 'InvalidParameter');
  });

  it('is not run where the machine does not run', async () => {
    assert.equal(await stand.host.run(idOf('none'), scriptOf('id'), new AbortController().signal), undefined);
  });

  it('is given arguments and variables as they are', async () => {
    const odd = `a 'b' "c" $HOME \`id\` \\ ; *`;
    const outcome = await start('printf "%s|%s|%s" "$1" "$2" "$name"', {
      arguments: [odd, ''],
      variables: { name: odd },
    });
    assert.equal(outcome.output, `${odd}||${odd}`);
  });

  it('names its own interpreter, or none', async () => {
    assert.equal(
      (await start('#!/usr/bin/env node\nconsole.log(6 * 7, process.argv[2])', { arguments: ['x'] })).output,
      '42 x\n',
    );
    assert.equal((await start('echo $((6 * 7))')).output, '42\n');
    assert.equal((await start('')).exitCode, 0);
  });

  it('has nothing to read, and files to write its streams to', async () => {
    const { output, error } = await start('cat; echo to-out >/dev/stdout; echo to-err >/dev/stderr');
    assert.deepEqual([output, error], ['to-out\n', 'to-err\n']);
  });

  it('shows its text and variables to no one in the lists of processes', async () => {
    const { output } = await start('cat /proc/[0-9]*/cmdline | tr "\\0" " "', { variables: { secret: 'swordfish' } });
    assert.doesNotMatch(output, /swordfish|tr "/);
    const ours = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const lines = ours.map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    });
    assert.doesNotMatch(lines.join('\n'), /swordfish/);
  });

  it('cannot make the way into the machine load anything', async () => {
    const variables = { LD_PRELOAD: '/nowhere.so', PATH: '/nowhere' };
    const { output, exitCode } = await start('echo "$LD_PRELOAD $PATH"', { variables });
    assert.deepEqual([output, exitCode], ['/nowhere.so /nowhere\n', 0]);
  });

  it('keeps the end of what it prints, however much that is', async () => {
    const before = await heldBytes();
    const { output, exitCode } = await start("head -c 100000000 /dev/zero | tr '\\0' x; printf 'é%s' end");
    assert.equal(exitCode, 0);
    assert.equal(Buffer.byteLength(output), 4096);
    assert.ok(output.endsWith('xxéend'));
    const more = (await heldBytes()) - before;
    assert.ok(more < 1 << 20, `it holds ${more} bytes more`);
    const odd = (await start("i=0; while [ $i -lt 3000 ]; do printf 'é'; i=$((i + 1)); done; printf a")).output;
    assert.equal(odd, `${'é'.repeat(2047)}a`);
  });

  it('ends in time when it never ends by itself, with all that it started', async () => {
    const outcome = await start('sleep 1234 & setsid sleep 1235 & sleep 1236', { timeoutSeconds: 1 });
    assert.equal(outcome.end, 'timedOut');
    assert.equal(await processes('^sleep 123'), '0');
  });

  it('ends when it is canceled, with all that it started', async () => {
    const cancel = new AbortController();
    const running = start('echo begun; setsid sleep 2234 & sleep 2235', {}, cancel.signal);
    while ((await processes('^sleep 223')) !== '2');
    cancel.abort();
    const { end, output } = await running;
    assert.deepEqual([end, output], ['canceled', 'begun\n']);
    assert.equal(await processes('^sleep 223'), '0');
  });

  it('is over when it has exited, though a daemon holds its pipes; the daemon goes on', async () => {
    const outcome = await start('echo done; sleep 3234 & (setsid sh -c "sleep 0.5; echo late; sleep 3235" &)');
    assert.deepEqual([outcome.end, outcome.exitCode, outcome.output], ['exited', 0, 'done\n']);
    assert.equal(await processes('^sleep 3234'), '1');
    while ((await processes('^sleep 3235')) !== '1');
    await stand.sh('web-1', 'root', "pkill -f '^sleep 323'");
  });

  it('ends with its parent when it kills it', async () => {
    const outcome = await start('kill -9 $PPID; sleep 4234');
    assert.deepEqual([outcome.end, outcome.exitCode], ['exited', 137]);
    assert.equal(await processes('^sleep 4234'), '0');
  });

  it('reaches nothing outside with kill 0 and kill -1, nor the machine’s first process', async () => {
    assert.equal((await start('kill -9 0')).exitCode, 137);
    await start('kill -9 -1');
    await start('kill -9 1');
    assert.equal((await start('echo still here')).output, 'still here\n');
  });

  it('ends with its machine, and touches no other', async () => {
    await stand.start('web-3');
    const running = stand.host.run(idOf('web-3'), scriptOf('sleep 5234'), new AbortController().signal);
    while ((await stand.sh('web-3', 'root', "pgrep -fc '^sleep 5234' || true")) !== '1');
    await stand.host.stop(idOf('web-3'));
    const outcome = (await running) as ScriptOutcome;
    assert.equal(outcome.end, 'machineEnded');
    assert.equal(await stand.sh('web-2', 'root', 'hostname'), 'web-2');
  });

  it('is ended by endScripts', async () => {
    const running = start('sleep 6234');
    while ((await processes('^sleep 6234')) !== '1');
    await stand.host.endScripts();
    assert.equal((await running).end, 'canceled');
  });

  it('leaves nothing in the machine', async () => {
    const count = () => stand.sh('web-1', 'root', 'ls /tmp | wc -l; pgrep -c cat');
    const before = await count();
    await start('true');
    assert.equal(await count(), before);
  });
});
