import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isRefusal } from '../../../src/core/refusal.ts';
import { findAbility } from '../../../src/machines/sandbox/ability.ts';
import { identifyProcess } from '../../../src/machines/sandbox/process-identity.ts';
import { openDoorlessHost, specOf } from './stand.ts';

const ability = await findAbility();
const refused = 'missing' in ability && `no machines here: ${ability.missing.join(' ')}`;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'postern-killed-')));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('a host that is killed', { skip: refused }, () => {
  it('leaves no process, namespace or mount, and its machines start again', async () => {
    const { child, initPid } = await startChild();
    const namespace = readlinkSync(`/proc/${initPid}/ns/pid`);
    assert.ok(processesIn(namespace).length >= 2);

    child.kill('SIGKILL');
    await once(child, 'exit');
    const host = await openDoorlessHost(folder);
    await host.sweep();

    assert.deepEqual(processesIn(namespace), []);
    assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(folder));
    const again = await host.start(specOf('web-1'));
    assert.ok(!isRefusal(again) && again.initPid !== initPid);
    await host.stopAll();
    await host.remove(specOf('web-1').resourceId);
  });

  it('has its removals finished by the next sweep', async () => {
    const host = await openDoorlessHost(folder);
    assert.ok(!isRefusal(await host.start(specOf('web-1'))));
    await host.stopAll();
    renameSync(join(folder, 'vm-0000-web-1'), join(folder, '.removed-0000-web-1'));
    await (await openDoorlessHost(folder)).sweep();
    assert.deepEqual(readdirSync(folder), ['root']);
  });
});

async function startChild() {
  const script = join(import.meta.dirname, 'killed-host-child.ts');
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, initPid: Number(line.toString()) };
}

/** The host's ids of the processes in a PID namespace, without those that only wait to be collected. */
function processesIn(namespace: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => namespaceOf(pid) === namespace && identifyProcess(Number(pid)) !== undefined);
}

function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}
