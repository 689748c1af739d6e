import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { identifyProcess, isRunningOn, isSameProcess } from '../../../src/machines/sandbox/process-identity.ts';
import { endStrays } from '../../../src/machines/sandbox/stray.ts';

describe("a process's identity", { skip: process.platform !== 'linux' && 'there is no /proc here' }, () => {
  it('tells it from another that has its id later', () => {
    const me = identifyProcess(process.pid);
    assert.ok(me !== undefined && isSameProcess(me) && isRunningOn(me));
    assert.ok(!isRunningOn({ ...me, startTicks: '1' }));
    assert.ok(!isSameProcess({ ...me, startTicks: '1' }));
    assert.ok(!isSameProcess({ ...me, bootId: 'another boot' }));
  });

  it('lets a stray be ended, and never another process in its place', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const exit = once(child, 'exit');
    const identity = identifyProcess(child.pid as number);
    assert.ok(identity !== undefined);
    await endStrays([{ ...identity, startTicks: '1' }]);
    assert.ok(isSameProcess(identity));
    await endStrays([identity]);
    assert.deepEqual(await exit, [null, 'SIGKILL']);
    assert.ok(!isSameProcess(identity));
  });
});
