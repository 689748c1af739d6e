import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IdFacts } from '../../../src/machines/sandbox/ability.ts';
import { formatOneIdOnly } from '../../../src/machines/sandbox/one-id-only.ts';
import { findFreeIds } from '../../../src/machines/sandbox/subordinate-ids.ts';

const programs = { newuidmap: '/usr/bin/newuidmap', newgidmap: '/usr/bin/newgidmap' };
const told = (facts: Partial<IdFacts>) =>
  formatOneIdOnly('bob', { uid: 1001, userName: 'ci', ...programs, subuid: '', subgid: '', ...facts });

describe('what is said where a machine has one user', () => {
  it('names what is absent, and that alone', () => {
    assert.match(told({}), /entered as 'bob'.*To have more: add the line 'ci:100000:65536' to \/etc\/subuid/);
    assert.doesNotMatch(told({}), /uidmap'/);
    const both = told({ newuidmap: undefined, newgidmap: undefined });
    assert.match(both, /more: install the package 'uidmap' \(.*\), then add the line 'ci:.*, then restart Postern\.$/);
    const line = 'ci:100000:65536\n';
    const program = told({ newgidmap: undefined, subuid: line, subgid: line });
    assert.match(program, /install the package 'uidmap'/);
    assert.doesNotMatch(program, /add the line/);
    assert.match(told({ subuid: line, subgid: line }), /To have more: restart Postern\.$/);
  });

  it('offers ids that nobody else has', () => {
    const others = 'alice:100000:65536\nbob:165536:65536\n';
    assert.match(told({ subuid: others }), /'ci:231072:65536'/);
    assert.match(told({ subgid: others }), /'ci:231072:65536'/);
    assert.deepEqual(findFreeIds('# none\n\n', 'root:1:10'), { start: 100_000, count: 65_536 });
  });
});
