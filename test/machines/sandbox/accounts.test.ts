import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  assignIds,
  formatGroup,
  formatPasswd,
  isUserName,
  listAccounts,
} from '../../../src/machines/sandbox/accounts.ts';
import { findFault } from '../../../src/machines/sandbox/specification.ts';

const userName = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,31}$/).filter((name) => name !== 'root');
const machine = fc.record({
  users: fc.array(userName),
  groups: fc.array(userName.map((name) => ({ name, members: ['root'] }))),
});
const spec = {
  resourceId: '/x',
  vmId: '1b5f4a0e-0000-4000-a000-000000000001',
  hostname: 'web-1',
  users: ['azureuser'],
};

describe('the accounts of a machine', () => {
  it('number users from 1000, the administrator first', () => {
    assert.deepEqual({ ...assignIds({ users: ['azureuser', 'bob'] }).userIds }, { azureuser: 1000, bob: 1001 });
  });

  it('keep every id that was ever given, and give none twice', () => {
    fc.assert(
      fc.property(machine, machine, (before, after) => {
        const first = assignIds(before);
        const second = assignIds(after, first);
        for (const kind of ['userIds', 'groupIds'] as const) {
          for (const [name, id] of Object.entries(first[kind])) assert.equal(second[kind][name], id);
        }
        const ids = [second.userIds, second.groupIds].flatMap((all) => Object.values(all));
        assert.equal(new Set(ids).size, ids.length);
        for (const { id } of listAccounts(after, second).slice(1)) assert.ok(id >= 1000);
      }),
    );
  });

  it('always have root, once', () => {
    const accounts = listAccounts({ users: ['root', 'bob', 'bob'] }, assignIds({ users: ['root', 'bob', 'bob'] }));
    assert.deepEqual(
      accounts.map(({ name, id, home }) => [name, id, home]),
      [
        ['root', 0, '/root'],
        ['bob', 1000, '/home/bob'],
      ],
    );
  });

  it('are written as passwd(5) and group(5) have them', () => {
    const accounts = listAccounts({ users: ['bob'] }, { userIds: { bob: 1000 } });
    assert.match(
      formatPasswd(accounts, '/bin/sh'),
      /^root:x:0:0:root:\/root:\/bin\/sh\nbob:x:1000:1000:bob:\/home\/bob:\/bin\/sh\n/,
    );
    assert.match(formatGroup(accounts), /^root:x:0:\nbob:x:1000:\n/);
  });

  it('are in the groups of the specification beside their own', () => {
    const groups = [
      { name: 'deploy', members: ['bob', 'root'] },
      { name: 'ops', members: ['bob', 'carol'] },
    ];
    const accounts = listAccounts(
      { users: ['alice', 'bob', 'carol'], groups },
      assignIds({ users: ['alice', 'bob', 'carol'], groups }),
    );
    assert.deepEqual(
      accounts.map(({ name, groups: its }) => [name, its.map(({ id }) => id)]),
      [
        ['root', [1003]],
        ['alice', []],
        ['bob', [1003, 1004]],
        ['carol', [1004]],
      ],
    );
    assert.match(formatGroup(accounts), /\ncarol:x:1002:\ndeploy:x:1003:root,bob\nops:x:1004:bob,carol\ntty:/);
  });
});

describe('a specification', () => {
  it('of plain names has no fault', () => assert.equal(findFault(spec), undefined));

  for (const name of ['a:b', 'a b', '../x', 'a\nb', '', '1a', '-a', 'a'.repeat(33), 'nobody']) {
    it(`is refused for the user ${JSON.stringify(name)}`, () => {
      assert.ok(!isUserName(name));
      assert.match(findFault({ ...spec, users: [name] }) ?? '', /user name/);
    });
  }

  for (const hostname of ['', '-a', 'a b', 'a\nb', 'a/b', 'a'.repeat(65)]) {
    it(`is refused for the computer name ${JSON.stringify(hostname)}`, () => {
      assert.match(findFault({ ...spec, hostname }) ?? '', /computer name/);
    });
  }

  for (const vmId of ['', '..', 'a/b', '.removed-x']) {
    it(`is refused for the vmId ${JSON.stringify(vmId)}`, () => {
      assert.match(findFault({ ...spec, vmId }) ?? '', /vmId/);
    });
  }
});
