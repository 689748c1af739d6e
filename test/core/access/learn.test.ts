import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Learner } from '../../../src/core/access/learn.ts';
import { replay } from '../../../src/core/access/replay.ts';
import { readResource } from '../../../src/core/access/resource-names.ts';
import { Simulator } from '../../../src/core/access/simulate.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { SignIn } from '../../../src/core/sign-ins/sign-in.ts';
import { deciderOf, noon, origin, tokenPath, twoUsers } from './example-profile.ts';

const names = (resource: string) => readResource(resource, { origin, namesOfApplication: () => [] });

function signIn(userName: string | undefined, resource: string, more: Partial<SignIn> = {}): SignIn {
  return {
    time: noon,
    machineResourceId: '/m',
    ...(userName === undefined ? {} : { user: { uid: 1, userName, groupNames: [] } }),
    request: { path: tokenPath, query: { resource } },
    outcome: 'issued',
    ...more,
  };
}

function learn(signIns: readonly SignIn[]) {
  const learner = new Learner();
  for (const one of signIns) learner.add(one);
  return learner.result();
}

function simulate(properties: JsonObject, signIns: readonly SignIn[]) {
  const simulator = new Simulator(deciderOf(properties), names);
  for (const one of signIns) simulator.add(one);
  return simulator.result();
}

const seen = fc.array(
  fc.record({
    user: fc.constantFrom('alice', 'bob', 'carol', 'www-data'),
    resource: fc.constantFrom(
      'https://vault.azure.net',
      'https://v1.vault.azure.net',
      'https://management.azure.com',
      origin,
      'api://x',
    ),
    clientId: fc.constantFrom('c1', 'c2', undefined),
    path: fc.constantFrom(tokenPath, '/metadata/identity/info', '/metadata/instance'),
  }),
  { maxLength: 20 },
);

function recorded({
  user,
  resource,
  clientId,
  path,
}: {
  user: string;
  resource: string;
  clientId: string | undefined;
  path: string;
}) {
  const identity =
    clientId === undefined ? {} : { identity: { clientId, principalId: `p${clientId}`, resourceId: `/${clientId}` } };
  return signIn(user, resource, { ...identity, request: { path, query: { resource } } });
}

describe('learning a profile', () => {
  it('allows what was let through, and nothing else of an identity', () => {
    const events = [signIn('alice', 'https://vault.azure.net'), signIn('deploy', 'https://management.azure.com')];
    const { properties } = learn(events);
    const decider = deciderOf(properties);
    const decide = (user: string, resource: string) => {
      const decided = replay(decider, signIn(user, resource), names);
      return decided === 'process' ? decided : decided.decision;
    };
    assert.equal(decide('alice', 'https://vault.azure.net'), 'Allow');
    assert.equal(decide('deploy', 'https://management.azure.com'), 'Allow');
    assert.equal(decide('alice', 'https://management.azure.com'), 'Deny');
    assert.equal(decide('bob', 'https://vault.azure.net'), 'Deny');
    assert.equal(decide('alice', 'https://graph.microsoft.com'), 'Deny');
  });

  it('gives users who asked for the same one role', () => {
    const { properties } = learn(['bob', 'alice', 'bob'].map((user) => signIn(user, 'api://x')));
    const rules = properties['rules'] as JsonObject;
    assert.deepEqual(rules['roleAssignments'], [{ role: 'role-1', identities: ['alice', 'bob'] }]);
    assert.equal((rules['privileges'] as JsonObject[]).length, 2);
  });

  it('does not learn what was denied, nor from callers without a name', () => {
    const denied = signIn('mallory', 'api://x', { outcome: 'denied' });
    const learned = learn([denied, signIn(undefined, 'api://x'), signIn('a/b', 'api://x')]);
    assert.deepEqual([learned.total, learned.unnamed], [3, 2]);
    assert.deepEqual((learned.properties['rules'] as JsonObject)['identities'], []);
  });

  it('denies nothing that was seen, and each user everything that only others asked for', () => {
    fc.assert(
      fc.property(seen, (drawn) => {
        const events = drawn.map(recorded);
        const { properties } = learn(events);
        assert.deepEqual(simulate(properties, events).changes, []);
        const stranger = events.map((event) => ({ ...event, user: { uid: 9, userName: 'mallory', groupNames: [] } }));
        const { changes } = simulate(properties, stranger);
        const expected = events.filter(({ request }) => request.path.startsWith('/metadata/identity')).length;
        assert.equal(
          changes.reduce((sum, { count }) => sum + count, 0),
          expected,
        );
      }),
    );
  });
});

describe('simulating a draft', () => {
  it('tells what it would deny and what it would allow, alike requests together', () => {
    const arm = 'https://management.azure.com';
    const events = [
      signIn('alice', arm),
      signIn('alice', arm, { time: (noon + 1000) as SignIn['time'] }),
      signIn('alice', 'https://vault.azure.net'),
      signIn('deploy', arm, { outcome: 'denied' }),
    ];
    const { total, changes } = simulate(twoUsers, events);
    assert.equal(total, 4);
    assert.deepEqual(
      changes.map(({ userName, resource, now, count, last }) => ({ userName, resource, now, count, last })),
      [
        { userName: 'alice', resource: arm, now: 'denied', count: 2, last: noon + 1000 },
        { userName: 'deploy', resource: arm, now: 'allowed', count: 1, last: noon },
      ],
    );
  });

  it('decides each request at its own time', () => {
    const windowed = { ...twoUsers, recurringWindows: ['daily 12:00-13:00 UTC'] };
    const vault = (time: number) => signIn('alice', 'https://vault.azure.net', { time: time as SignIn['time'] });
    const { changes } = simulate(windowed, [vault(noon), vault(noon + 3_600_000)]);
    assert.deepEqual(
      changes.map(({ last }) => last),
      [noon + 3_600_000],
    );
  });

  it('leaves open what hangs on a program that was not recorded', () => {
    const text = JSON.stringify(twoUsers).replace('"userName":"alice"', '"userName":"alice","processName":"az"');
    const event = signIn('alice', 'https://vault.azure.net');
    assert.equal(simulate(JSON.parse(text) as JsonObject, [event]).changes[0]?.now, 'undetermined');
    const process = { pid: 1, exePath: '/usr/bin/az', processName: 'az' };
    assert.deepEqual(simulate(JSON.parse(text) as JsonObject, [{ ...event, process }]).changes, []);
  });
});
