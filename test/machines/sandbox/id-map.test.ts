import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  formatMachineMap,
  hasId,
  type IdMap,
  idOutside,
  idsPerMachine,
  shiftedBase,
  userInside,
} from '../../../src/machines/sandbox/id-map.ts';
import { parseSubordinateIds } from '../../../src/machines/sandbox/subordinate-ids.ts';

const shifted: IdMap = { kind: 'shifted', base: 300_000_000 };
const block = { start: 100_000, count: 65_536 };
const range: IdMap = { kind: 'range', hostUid: 1000, hostGid: 1000, uids: block, gids: block };
const single: IdMap = { kind: 'single', hostUid: 1000, hostGid: 1000 };

describe('the ids of a machine', () => {
  it('are shifted away from every id of the host where we are root', () => {
    assert.equal(idOutside(shifted, 0), 300_000_000);
    assert.equal(idOutside(shifted, 1000), 300_001_000);
    assert.equal(formatMachineMap(shifted), '0 300000000 65536');
  });

  it('are its own numbers in a range, in one line for root and one for the others', () => {
    assert.equal(idOutside(range, 1000), 1000);
    assert.equal(formatMachineMap(range), '0 0 1\n1 1 65535');
  });

  it('are root alone without a range', () => {
    assert.equal(formatMachineMap(single), '0 0 1');
    assert.ok(hasId(single, 0));
    assert.ok(!hasId(single, 1));
    assert.ok(hasId(range, 1000));
  });

  it('end with the shorter of the two blocks', () => {
    const short: IdMap = { ...range, gids: { start: 100_000, count: 2000 } };
    assert.ok(hasId(short, 2000));
    assert.ok(!hasId(short, 2001));
  });

  it('begin at the same number at each start, in a block that no other begins within', () => {
    fc.assert(
      fc.property(fc.uuid(), (vmId) => {
        const base = shiftedBase(vmId);
        assert.equal(base, shiftedBase(vmId));
        assert.equal(base % idsPerMachine, 0);
        assert.ok(base >= 0x1000_0000 && base + idsPerMachine <= 0x7fff_ffff);
      }),
    );
  });
});

describe('subordinate ids', () => {
  it('are found by name and by number, the largest block first', () => {
    const text = 'other:1:99999\nalice:100000:2000\n1000:300000:65536\n';
    assert.deepEqual(parseSubordinateIds(text, 'alice', 1000), { start: 300_000, count: 65_536 });
  });

  it('of another user, or too few of them, are none', () => {
    assert.equal(parseSubordinateIds('alice2:100000:65536\n', 'alice', 1000), undefined);
    assert.equal(parseSubordinateIds('alice:100000:10\n', 'alice', 1000), undefined);
    assert.equal(parseSubordinateIds('alice:x:y\n#alice\n\n', 'alice', 1000), undefined);
  });
});

describe('the way back from the host', () => {
  it('finds every id that the machine has, and none beside', () => {
    const maps: IdMap[] = [
      { kind: 'shifted', base: 0x1000_0000 },
      {
        kind: 'range',
        hostUid: 1000,
        hostGid: 1000,
        uids: { start: 100_000, count: 65_536 },
        gids: { start: 100_000, count: 65_536 },
      },
      { kind: 'single', hostUid: 1000, hostGid: 1000 },
    ];
    const [shifted, range, single] = maps as [IdMap, IdMap, IdMap];
    assert.deepEqual(
      [0, 1000, 65_535].map((id) => userInside(shifted, 0x1000_0000 + id)),
      [0, 1000, 65_535],
    );
    assert.deepEqual(
      [0, 1000, 0x1000_0000 - 1, 0x1001_0000].map((id) => userInside(shifted, id)),
      [undefined, undefined, undefined, undefined],
    );
    assert.deepEqual(
      [1000, 100_000, 100_999, 165_534].map((id) => userInside(range, id)),
      [0, 1, 1000, 65_535],
    );
    assert.deepEqual(
      [0, 999, 1001, 99_999, 165_535].map((id) => userInside(range, id)),
      Array(5).fill(undefined),
    );
    assert.deepEqual(
      [1000, 0, 1001].map((id) => userInside(single, id)),
      [0, undefined, undefined],
    );
  });
});
