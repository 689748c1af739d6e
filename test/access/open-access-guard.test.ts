import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type OpenAccessGuard, openAccessGuard } from '../../src/access/open-access-guard.ts';
import { canonicalRequest } from '../../src/core/access/canonical-request.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { type Caller, unknownCaller } from '../../src/core/ports/caller.ts';
import type { ServicePrincipal } from '../../src/core/ports/directory.ts';
import type { MachineView } from '../../src/core/ports/machines.ts';
import { documentKey, type Store } from '../../src/core/ports/store.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { noon, tokenPath, twoUsers } from '../core/access/example-profile.ts';

const machine = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-1';
const profile =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/inVMAccessControlProfiles/p';
const vault = { resource: 'https://vault.azure.net' };

let applications: Map<string, readonly string[]>;
let moment: EpochMillis;
let store: Store;
let guard: OpenAccessGuard;
let views: Map<string, MachineView>;

function attach(imds: JsonObject, settings: JsonObject = { enabled: true }): void {
  const resource = { properties: { securityProfile: { proxyAgentSettings: { ...settings, imds } } } };
  views.set(machine, { resourceId: machine, vmId: 'v', identities: [], resource });
}

async function publish(name: string, properties: JsonObject, more: JsonObject = {}): Promise<void> {
  const id = `${profile}/versions/${name}`;
  await store.transact([{ put: documentKey(id), body: { id, name, properties: { ...properties, ...more } } }]);
}

function callerOf(userName: string): Caller {
  return { ...unknownCaller, user: () => ({ uid: 1000, userName, groupNames: [] }) };
}

function ask(userName: string, caller = callerOf(userName)) {
  const request = canonicalRequest(tokenPath.split('/'), new Map(Object.entries(vault)));
  return guard.decide({ machineResourceId: machine, request, caller });
}

function servicePrincipalByName(name: string): ServicePrincipal | undefined {
  const servicePrincipalNames = applications.get(name);
  return servicePrincipalNames === undefined ? undefined : ({ servicePrincipalNames } as ServicePrincipal);
}

beforeEach(() => {
  store = openSqliteStore({ file: ':memory:' });
  views = new Map();
  applications = new Map();
  moment = noon;
  guard = openAccessGuard({
    store,
    clock: { now: () => moment },
    machines: { view: (id) => views.get(id) },
    directory: { servicePrincipalByName },
    origin: () => 'https://localhost',
  });
});

afterEach(async () => {
  guard.close();
  await store.close();
});

describe('a machine without access control', () => {
  it('is answered at once', () => {
    assert.equal(ask('alice'), undefined);
    attach({}, { enabled: true });
    assert.equal(ask('alice'), undefined);
    attach({ inVMAccessControlProfileReferenceId: profile }, { enabled: false });
    assert.equal(ask('alice'), undefined);
    attach({ inVMAccessControlProfileReferenceId: profile, mode: 'Disabled' });
    assert.equal(ask('alice'), undefined);
  });
});

describe('a machine with an access control profile', () => {
  beforeEach(() => attach({ inVMAccessControlProfileReferenceId: `${profile}/versions/1.0.0` }));

  it('is decided by the version to which it refers, which the verdict names', async () => {
    await publish('1.0.0', twoUsers);
    assert.deepEqual(await ask('alice'), {
      mode: 'Enforce',
      decision: 'Allow',
      rule: "role 'readers' by privilege 'vault-tokens' for identity 'alice'",
      profileVersionId: `${profile}/versions/1.0.0`,
    });
    assert.equal((await ask('bob'))?.decision, 'Deny');
  });

  it('is decided at once when the version has been read', async () => {
    await publish('1.0.0', twoUsers);
    await ask('alice');
    const verdict = ask('alice');
    assert.ok(verdict !== undefined && 'decision' in verdict);
  });

  it('denies a caller that cannot be identified, whatever defaultAccess says', async () => {
    await publish('1.0.0', { mode: 'Enforce', defaultAccess: 'Allow' });
    assert.equal((await ask('alice'))?.decision, 'Allow');
    const verdict = await ask('', unknownCaller);
    assert.deepEqual([verdict?.decision, verdict?.rule], ['Deny', 'the caller could not be identified']);
  });

  it('takes the laxer mode of machine and version', async () => {
    await publish('1.0.0', twoUsers);
    for (const mode of ['Audit', 'Enforce']) {
      attach({ inVMAccessControlProfileReferenceId: `${profile}/versions/1.0.0`, mode });
      assert.equal((await ask('bob'))?.mode, mode);
    }
    await publish('1.0.0', { ...twoUsers, mode: 'Audit' });
    assert.equal((await ask('bob'))?.mode, 'Audit');
    await publish('1.0.0', { ...twoUsers, mode: 'Disabled' });
    await ask('bob');
    assert.equal(ask('bob'), undefined);
  });

  it('looks for the program only where a rule names one', async () => {
    let looked = 0;
    const process = { pid: 1, exePath: '/usr/bin/az', processName: 'az', commandLine: [] };
    const caller: Caller = {
      user: async () => ({ uid: 1, userName: 'alice', groupNames: [] }),
      process: () => {
        looked += 1;
        return process;
      },
    };
    await publish('1.0.0', twoUsers);
    assert.equal((await ask('', caller))?.decision, 'Allow');
    assert.equal(looked, 0);
    const text = JSON.stringify(twoUsers).replace('"userName":"alice"', '"userName":"alice","exePath":"/usr/bin/az"');
    await publish('1.0.0', JSON.parse(text) as JsonObject);
    assert.equal((await ask('', caller))?.decision, 'Allow');
    assert.equal(looked, 1);
    const nobody = { ...caller, process: () => undefined };
    assert.equal((await ask('', nobody))?.decision, 'Deny');
  });
});

describe('a verdict on the same request again', () => {
  const request = canonicalRequest(tokenPath.split('/'), new Map([['resource', 'api://orders']]));
  const [alice, bob] = ['alice', 'bob'].map((userName) => ({ uid: 1000, userName, groupNames: [] }));
  const orders = (resource: string): JsonObject => ({
    mode: 'Enforce',
    defaultAccess: 'Deny',
    rules: {
      privileges: [{ name: 'orders', path: tokenPath, queryParameters: { resource } }],
      roles: [{ name: 'r', privileges: ['orders'] }],
      identities: [{ name: 'alice', userName: 'alice' }],
      roleAssignments: [{ role: 'r', identities: ['alice'] }],
    },
  });
  const again = async (user = alice) => {
    const caller: Caller = { ...unknownCaller, user: () => user };
    return guard.decide({ machineResourceId: machine, request, caller });
  };
  beforeEach(() => attach({ inVMAccessControlProfileReferenceId: `${profile}/versions/1.0.0` }));

  it('is the very same while nothing has changed', async () => {
    await publish('1.0.0', orders('api://orders'));
    assert.equal((await again())?.decision, 'Allow');
    assert.equal(await again(), await again());
  });

  it('is that of the user who asks', async () => {
    await publish('1.0.0', orders('api://orders'));
    for (const [user, decision] of [
      [alice, 'Allow'],
      [bob, 'Deny'],
      [alice, 'Allow'],
    ] as const) {
      assert.equal((await again(user))?.decision, decision);
    }
  });

  it('follows the profile and the machine', async () => {
    await publish('1.0.0', orders('api://orders'));
    await again();
    await publish('1.0.0', orders('api://other'));
    assert.equal((await again())?.decision, 'Deny');
    attach({ inVMAccessControlProfileReferenceId: `${profile}/versions/1.0.0`, mode: 'Audit' });
    assert.equal((await again())?.mode, 'Audit');
  });

  it('follows the names of the application that is asked for', async () => {
    const own = 'api://orders-by-another-name';
    await publish('1.0.0', orders(own));
    assert.equal((await again())?.decision, 'Deny');
    applications.set('api://orders', ['api://orders', own]);
    assert.equal((await again())?.decision, 'Allow');
    applications.delete('api://orders');
    assert.equal((await again())?.decision, 'Deny');
  });

  it('follows the time', async () => {
    await publish('1.0.0', orders('api://orders'), { recurringWindows: ['daily 12:00-13:00 UTC'] });
    assert.equal((await again())?.decision, 'Allow');
    moment = (noon + 3_600_000) as EpochMillis;
    assert.equal((await again())?.decision, 'Deny');
  });
});

describe('a profile that cannot be read', () => {
  beforeEach(() => attach({ inVMAccessControlProfileReferenceId: `${profile}/versions/1.0.0` }));

  it('denies, with the reason', async () => {
    const verdict = await ask('alice');
    assert.deepEqual([verdict?.mode, verdict?.decision, verdict?.profileVersionId], ['Enforce', 'Deny', undefined]);
    assert.match(verdict?.rule ?? '', /does not exist/);
  });

  it('denies when it is gone, and when it makes no sense', async () => {
    await publish('1.0.0', twoUsers);
    assert.equal((await ask('alice'))?.decision, 'Allow');
    await store.transact([{ remove: documentKey(`${profile}/versions/1.0.0`) }]);
    assert.equal((await ask('alice'))?.decision, 'Deny');
    await publish('1.0.0', { mode: 'Enforce' });
    assert.match((await ask('alice'))?.rule ?? '', /cannot be understood/);
  });

  it('denies while the store fails, and not longer', async () => {
    await publish('1.0.0', twoUsers);
    const get = store.get.bind(store);
    store.get = () => Promise.reject(new Error('disk'));
    assert.equal((await ask('alice'))?.decision, 'Deny');
    store.get = get;
    assert.equal((await ask('alice'))?.decision, 'Allow');
  });
});

describe('a reference to a profile', () => {
  for (const reference of [profile, `${profile}/versions/latest`.toUpperCase()]) {
    it(`means its latest version from the moment it is written: ${reference.slice(-10)}`, async () => {
      attach({ inVMAccessControlProfileReferenceId: reference });
      await publish('1.9.0', { mode: 'Enforce', defaultAccess: 'Allow' });
      assert.equal((await ask('bob'))?.decision, 'Allow');
      await publish('1.10.0', twoUsers);
      const verdict = await ask('bob');
      assert.deepEqual([verdict?.decision, verdict?.profileVersionId], ['Deny', `${profile}/versions/1.10.0`]);
      await publish('2.0.0', { mode: 'Enforce', defaultAccess: 'Allow' }, { excludeFromLatest: true });
      assert.equal((await ask('bob'))?.decision, 'Deny');
    });
  }

  it('does not keep what was read before a change that came while it was read', async () => {
    attach({ inVMAccessControlProfileReferenceId: profile });
    await publish('1.0.0', { mode: 'Enforce', defaultAccess: 'Allow' });
    const list = store.list.bind(store);
    store.list = async (...asked) => {
      const found = await list(...asked);
      store.list = list;
      await publish('1.0.1', twoUsers);
      return found;
    };
    await ask('bob');
    assert.equal((await ask('bob'))?.decision, 'Deny');
  });
});
