import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lanes } from '../../src/core/lanes.ts';

describe('work for one key', () => {
  it('runs one after another, also after a failure', async () => {
    const lanes = new Lanes();
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const failing = lanes.run('a', async () => {
      await first.promise;
      order.push('first');
      throw new Error('failed');
    });
    const next = lanes.run('a', async () => order.push('second'));
    first.resolve();
    await assert.rejects(failing, /failed/);
    await next;
    assert.deepEqual(order, ['first', 'second']);
  });

  it("does not wait for another key's", async () => {
    const lanes = new Lanes();
    const held = Promise.withResolvers<void>();
    const slow = lanes.run('a', () => held.promise);
    assert.equal(await lanes.run('b', async () => 'done'), 'done');
    held.resolve();
    await slow;
  });
});
