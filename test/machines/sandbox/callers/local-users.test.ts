import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLocalUsers } from '../../../../src/machines/sandbox/callers/local-users.ts';

const passwd = `root:x:0:0:root:/root:/bin/sh
alice:x:1000:1000::/home/alice:/bin/sh
toor:x:0:0:again:/root:/bin/sh
od d'"é$(x):x:1001:50::/:/bin/sh
CORP\\bob:x:1002:1000::/:/bin/sh

broken
:x:1003:1::/:
neg:x:-1:1::/:
`;
const group = `root:x:0:
alice:x:1000:
deployers:x:60:CORP\\bob,alice
other:x:61:alic,alicee
again:x:1000:
`;
const find = parseLocalUsers(passwd, group);

describe("a machine's user", () => {
  it('has the name and groups of its files, its login group first', () => {
    assert.deepEqual(find(1000), { uid: 1000, userName: 'alice', groupNames: ['alice', 'deployers'] });
  });

  it('is the first of several with its number', () => {
    assert.equal(find(0).userName, 'root');
  });

  it('keeps a name with odd characters as it is written', () => {
    assert.equal(find(1001).userName, `od d'"é$(x)`);
    assert.deepEqual(find(1002), { uid: 1002, userName: 'CORP\\bob', groupNames: ['alice', 'deployers'] });
  });

  it('in a group without a name is in one called by its number', () => {
    assert.deepEqual(find(1001).groupNames, ['50']);
  });

  it('without an entry is called by its number', () => {
    for (const uid of [1003, 4_294_967_295]) {
      assert.deepEqual(find(uid), { uid, userName: String(uid), groupNames: [] });
    }
  });

  it('is the same object each time, so that what is kept by user is found again', () => {
    assert.equal(find(1000), find(1000));
  });
});
