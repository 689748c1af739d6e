import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { documentKey } from '../../../src/core/ports/store.ts';
import { describeUser } from '../../../src/host/operator/local-user.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';

const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-1';

describe('a user of a machine, as access control is explained for it', () => {
  const store = openSqliteStore({ file: ':memory:' });
  const about = async (userName: string, ...groups: readonly string[]) => {
    const { exists, user } = await describeUser(store, id, userName, groups);
    return [exists, user.groupNames];
  };

  before(async () => {
    const tags = { 'postern-users': 'alice bob', 'postern-groups': 'deploy=bob,root ops=bob' };
    const properties = { vmId: 'v', osProfile: { adminUsername: 'azureuser', computerName: 'web-1' } };
    await store.transact([{ put: documentKey(id), body: { id, tags, properties } }]);
  });
  after(() => store.close());

  it('is in its own group and those of the machine', async () => {
    assert.deepEqual(await about('alice'), [true, ['alice']]);
    assert.deepEqual(await about('bob'), [true, ['bob', 'deploy', 'ops']]);
    assert.deepEqual(await about('root'), [true, ['root', 'deploy']]);
    assert.deepEqual(await about('azureuser'), [true, ['azureuser']]);
  });

  it('is in more groups where the question says so, each once', async () => {
    assert.deepEqual(await about('bob', 'ops', 'more'), [true, ['bob', 'deploy', 'ops', 'more']]);
  });

  it('is said not to be there, in no group, where the machine has it not', async () => {
    assert.deepEqual(await about('Bob'), [false, []]);
    assert.deepEqual(await about('carol', 'ops'), [false, ['ops']]);
  });
});
