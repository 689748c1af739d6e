import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatSignIns } from '../../src/cli/commands/log/sign-ins.ts';
import type { EpochMillis } from '../../src/core/time.ts';

describe('a table of sign-ins', () => {
  it('lets no name of a machine steer the terminal', () => {
    const table = formatSignIns([
      {
        id: 'i',
        number: 1,
        hash: 'h',
        time: 0 as EpochMillis,
        machineResourceId: '/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/virtualMachines/web-1',
        user: { uid: 1000, userName: 'al\u001b[2Jice\nbob\u202e', groupNames: [] },
        request: { path: '/metadata/instance', query: {} },
        outcome: 'denied',
      },
    ]);
    assert.equal(table.split('\n').length, 2);
    assert.match(table, /al\ufffd\[2Jice\ufffdbob\ufffd \(1000\)/);
  });
});
