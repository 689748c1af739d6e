import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Lock } from '../../../src/core/locks/lock.ts';
import { LockTable } from '../../../src/core/locks/lock-table.ts';
import { isAtOrBelow } from '../../../src/core/resource-id.ts';

const scopes = ['/subscriptions/s', '/subscriptions/s/resourceGroups/rg1', '/subscriptions/s/resourceGroups/rg10'];
const scope = fc
  .tuple(
    fc.constantFrom(...scopes),
    fc.constantFrom('', '/providers/N.S/t/a', '/providers/N.S/t/a/u/b', '/providers/N.S/t/ab'),
  )
  .map(([container, resource]) => `${container}${resource}`);
const written = fc.tuple(scope, fc.boolean()).map(([id, loud]) => (loud ? id.toUpperCase() : id));
const lock = fc.record({
  id: fc.constantFrom('x', 'y', 'z'),
  scope: written,
  level: fc.constantFrom('CanNotDelete', 'ReadOnly'),
});

describe('the locks together', () => {
  it('forbid what one of them forbids: a plain search through all says the same', () => {
    fc.assert(
      fc.property(fc.array(lock, { maxLength: 8 }), fc.array(lock, { maxLength: 4 }), written, (put, gone, target) => {
        const table = new LockTable();
        const left = new Map<string, Lock>();
        const keyOf = (one: { readonly id: string; readonly scope: string }) => `${one.scope}/${one.id}`.toLowerCase();
        const asLock = (one: (typeof put)[number]): Lock => ({
          ...one,
          id: keyOf(one),
          level: one.level as Lock['level'],
        });
        for (const one of put.map(asLock)) {
          table.put(one);
          left.set(one.id, one);
        }
        for (const one of gone.map(asLock)) {
          table.remove(one);
          left.delete(one.id);
        }
        const locks = [...left.values()];
        const above = locks.filter((one) => isAtOrBelow(target, one.scope));
        const below = locks.filter((one) => isAtOrBelow(one.scope, target));
        assert.equal(
          table.decide('write', target) !== undefined,
          above.some(({ level }) => level === 'ReadOnly'),
        );
        assert.equal(table.decide('delete', target) !== undefined, above.length + below.length > 0);
      }),
    );
  });
  it('are named, each scope once', () => {
    const table = new LockTable();
    const [subscription = '', group = ''] = scopes;
    table.put({ id: 'a', scope: subscription, level: 'ReadOnly' });
    table.put({ id: 'b', scope: group, level: 'CanNotDelete' });
    table.put({ id: 'c', scope: group, level: 'CanNotDelete' });
    assert.equal(
      table.decide('delete', subscription)?.message,
      `The scope '${subscription}' cannot perform delete operation because following scope(s) are locked: '${subscription},${group}'. Please remove the lock and try again.`,
    );
  });
});
