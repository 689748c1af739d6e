import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import type { LogEntry } from '../../src/host/configuration.ts';
import { tendKeys } from '../../src/host/keys.ts';
import { readTrustedIssuers } from '../../src/host/trusted-issuers.ts';
import type { KeyRotation } from '../../src/sts/keys/rotate-keys.ts';

const minute = 60_000;

describe('the host’s look at its signing keys', () => {
  it('comes a minute after the start and every hour, tells what came and went, and ends', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const logged: LogEntry[] = [];
    const tend = mock.fn<KeyRotation['tend']>(async () => ({ made: ['new'], removed: ['old'] }));
    const stop = tendKeys({ tend } as unknown as KeyRotation, (entry) => logged.push(entry));
    t.mock.timers.tick(minute - 1);
    assert.equal(tend.mock.callCount(), 0);
    t.mock.timers.tick(1);
    assert.equal(tend.mock.callCount(), 1);
    await Promise.resolve();
    assert.deepEqual(
      logged.map(({ event, fields }) => [event, fields?.['kid']]),
      [
        ['signing key published', 'new'],
        ['signing key removed', 'old'],
      ],
    );
    t.mock.timers.tick(59 * minute);
    assert.equal(tend.mock.callCount(), 2);
    stop();
    t.mock.timers.tick(120 * minute);
    assert.equal(tend.mock.callCount(), 2);
  });

  it('tells that it failed, and comes again', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const logged: LogEntry[] = [];
    const tend = mock.fn<KeyRotation['tend']>(async () => Promise.reject(new Error('the disk is full')));
    const stop = tendKeys({ tend } as unknown as KeyRotation, (entry) => logged.push(entry));
    t.mock.timers.tick(minute);
    await new Promise(setImmediate);
    assert.deepEqual([logged[0]?.level, logged[0]?.fields], ['error', { cause: 'Error: the disk is full' }]);
    t.mock.timers.tick(59 * minute);
    assert.equal(tend.mock.callCount(), 2);
    stop();
  });
});

describe('the issuers that an operator trusts', () => {
  it('are all read, or the host does not start', () => {
    assert.equal(readTrustedIssuers(['https://a.example', 'https://*.b.example:8443']).length, 2);
    assert.throws(() => readTrustedIssuers(['https://a.example', 'a.example']), /'a\.example' names no issuer/);
  });
});
