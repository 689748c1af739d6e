import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CallerProcess } from '../../../src/core/access/caller.ts';
import type { AccessQuestion } from '../../../src/core/access/decide-access.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import { parseTarget } from '../../../src/imds/target.ts';
import { ask, deciderOf, noon, origin, tokenPath, twoUsers } from './example-profile.ts';

const vault = { resource: 'https://vault.azure.net' };
const arm = { resource: 'https://management.azure.com/' };
const identity = {
  principalId: 'AAAAAAAA-0000-4000-8000-000000000001',
  clientId: 'bbbbbbbb-0000-4000-8000-000000000001',
  resourceId: '/subscriptions/s/resourceGroups/RG/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1',
};
const other = { ...identity, principalId: 'p2', clientId: 'c2', resourceId: '/id2' };

function decision(question: AccessQuestion, profile: JsonObject = twoUsers): string {
  const decided = deciderOf(profile).decide(question, noon);
  return decided === 'process' ? 'process' : decided.decision;
}

function rules(privileges: JsonObject[], identities: JsonObject[]): JsonObject {
  const names = (entries: JsonObject[]) => entries.map(({ name }) => String(name));
  return {
    privileges,
    identities,
    roles: [{ name: 'role', privileges: names(privileges) }],
    roleAssignments: [{ role: 'role', identities: names(identities) }],
  };
}

describe('a request that matches a privilege', () => {
  it('is allowed for an identity that is assigned a role with the privilege', () => {
    assert.equal(decision(ask('alice', vault)), 'Allow');
    assert.equal(decision(ask('deploy', arm)), 'Allow');
  });

  it('is denied for whoever is assigned another role', () => {
    assert.equal(decision(ask('alice', arm)), 'Deny');
    assert.equal(decision(ask('deploy', vault)), 'Deny');
  });

  it('is denied for a user whose name differs in letter case', () => {
    assert.equal(decision(ask('Alice', vault)), 'Deny');
  });

  it('is denied also where defaultAccess is Allow', () => {
    assert.equal(decision(ask('bob', vault), { ...twoUsers, defaultAccess: 'Allow' }), 'Deny');
  });

  it('is denied for everybody where no role has the privilege', () => {
    const nobody = { mode: 'Enforce', defaultAccess: 'Allow', rules: { privileges: [{ name: 'p', path: tokenPath }] } };
    assert.equal(decision(ask('root', vault), nobody), 'Deny');
  });

  it('is allowed where one of several matching privileges is held', () => {
    const both = rules(
      [
        { name: 'all', path: '/metadata' },
        { name: 'token', path: tokenPath },
      ],
      [{ name: 'a', userName: 'alice' }],
    );
    const overlapping = { ...both, roles: [{ name: 'role', privileges: ['all'] }] };
    const profile = { mode: 'Enforce', defaultAccess: 'Deny', rules: overlapping };
    assert.equal(decision(ask('alice', vault), profile), 'Allow');
    assert.equal(decision(ask('bob', vault), profile), 'Deny');
  });

  it('that is denied names the privilege that says most about it', () => {
    const privileges = [
      { name: 'all', path: '/metadata' },
      { name: 'identity', path: '/metadata/identity' },
      { name: 'vault', path: tokenPath, queryParameters: vault },
    ];
    const nobody = { mode: 'Enforce', defaultAccess: 'Allow', rules: { privileges } };
    const ruleOf = (question: AccessQuestion) => {
      const decided = deciderOf(nobody).decide(question, noon);
      return decided === 'process' ? decided : decided.rule;
    };
    assert.equal(ruleOf(ask('bob', vault)), "privilege 'vault' needs a role that 'bob' lacks");
    assert.equal(ruleOf(ask('bob', arm)), "privilege 'identity' needs a role that 'bob' lacks");
  });

  it('says role, privilege and identity', () => {
    const decided = deciderOf(twoUsers).decide(ask('alice', vault), noon);
    assert.deepEqual(decided, {
      decision: 'Allow',
      rule: "role 'readers' by privilege 'vault-tokens' for identity 'alice'",
    });
  });
});

describe('a request that matches no privilege', () => {
  const instance = ask('bob', { 'api-version': '2021-02-01' }, { path: '/metadata/instance' });

  it('gets defaultAccess', () => {
    assert.equal(decision(instance), 'Deny');
    assert.equal(decision(instance, { ...twoUsers, defaultAccess: 'Allow' }), 'Allow');
  });

  it('is one without a parameter that the privilege names', () => {
    assert.equal(decision(ask('bob', {}), { ...twoUsers, defaultAccess: 'Allow' }), 'Allow');
  });
});

describe("a privilege's path", () => {
  const profile = {
    mode: 'Enforce',
    defaultAccess: 'Deny',
    rules: rules([{ name: 'p', path: '/Metadata/%69dentity/' }], [{ name: 'a', userName: 'a' }]),
  };

  it('covers what begins with it, in any letter case', () => {
    assert.equal(decision(ask('a', {}, { path: '/metadata/IDENTITY/oauth2/token' }), profile), 'Allow');
    assert.equal(decision(ask('a', {}, { path: '/metadata/identit' }), profile), 'Deny');
  });
});

describe('the fields of an identity', () => {
  const who = { name: 'i', userName: 'alice', groupName: 'ops', exePath: '/usr/bin/python3', processName: 'python3' };
  const profile = { mode: 'Enforce', defaultAccess: 'Deny', rules: rules([{ name: 'p', path: tokenPath }], [who]) };
  const process: CallerProcess = { pid: 7, exePath: '/usr/bin/python3', processName: 'python3', commandLine: [] };
  const groupNames = ['alice', 'ops'];

  it('all have to be the caller’s', () => {
    assert.equal(decision(ask('alice', {}, { groupNames, process }), profile), 'Allow');
    assert.equal(decision(ask('bob', {}, { groupNames, process }), profile), 'Deny');
    assert.equal(decision(ask('alice', {}, { groupNames: ['alice'], process }), profile), 'Deny');
    assert.equal(
      decision(ask('alice', {}, { groupNames, process: { ...process, exePath: '/tmp/python3' } }), profile),
      'Deny',
    );
    assert.equal(
      decision(ask('alice', {}, { groupNames, process: { ...process, processName: 'sh' } }), profile),
      'Deny',
    );
    assert.equal(decision(ask('alice', {}, { groupNames, process: 'unknown' }), profile), 'Deny');
  });

  it('have the program looked for only where the decision hangs on it', () => {
    assert.equal(decision(ask('alice', {}, { groupNames }), profile), 'process');
    assert.equal(decision(ask('bob', {}, { groupNames }), profile), 'Deny');
    assert.equal(decision(ask('alice', {}, { groupNames, path: '/metadata/instance' }), profile), 'Deny');
  });
});

describe('a privilege that names an identity', () => {
  const named = ['client_id', 'object_id', 'principal_id', 'msi_res_id', 'mi_res_id'];
  const names = [
    identity.clientId,
    identity.principalId,
    identity.principalId,
    identity.resourceId,
    identity.resourceId,
  ];

  it('means the identity that was selected, whichever parameter either of them uses', () => {
    for (const [at, name] of named.entries()) {
      const privilege = { name: 'p', path: tokenPath, queryParameters: { [name]: String(names[at]).toUpperCase() } };
      const profile = {
        mode: 'Enforce',
        defaultAccess: 'Deny',
        rules: rules([privilege], [{ name: 'a', userName: 'a' }]),
      };
      for (const selector of [...named, 'none']) {
        assert.equal(decision(ask('a', { [selector]: 'whatever' }, { identity }), profile), 'Allow');
        assert.equal(decision(ask('a', { [selector]: String(names[at]) }, { identity: other }), profile), 'Deny');
      }
      assert.equal(decision(ask('a', { [name]: String(names[at]) }), profile), 'Deny');
    }
  });
});

describe('a privilege that names a resource', () => {
  it('means it by whatever name it is asked for', () => {
    for (const resource of [
      'https://management.core.windows.net/',
      'HTTPS://MANAGEMENT.AZURE.COM',
      '797f4846-ba00-4fd7-ba43-dac1f8f63013',
    ]) {
      assert.equal(decision(ask('deploy', { resource })), 'Allow', resource);
      assert.equal(decision(ask('alice', { resource }), { ...twoUsers, defaultAccess: 'Allow' }), 'Deny', resource);
    }
  });

  it('means an application of the directory by all its names', () => {
    const privilege = { name: 'p', path: tokenPath, queryParameters: { resource: 'api://orders' } };
    const profile = {
      mode: 'Enforce',
      defaultAccess: 'Deny',
      rules: rules([privilege], [{ name: 'a', userName: 'a' }]),
    };
    assert.equal(decision(ask('a', { resource: '0A0A0A0A-0000-4000-8000-000000000001' }), profile), 'Allow');
    assert.equal(decision(ask('a', { resource: 'api://order' }), profile), 'Deny');
  });

  it('covers a host of its service, and the host not the service', () => {
    const host = { resource: 'https://v1.vault.azure.net' };
    assert.equal(decision(ask('alice', host)), 'Allow');
    const privilege = { name: 'p', path: tokenPath, queryParameters: host };
    const profile = {
      mode: 'Enforce',
      defaultAccess: 'Deny',
      rules: rules([privilege], [{ name: 'a', userName: 'a' }]),
    };
    assert.equal(decision(ask('a', host), profile), 'Allow');
    assert.equal(decision(ask('a', vault), profile), 'Deny');
  });

  it('is needed for each service that takes tokens for Postern’s own origin', () => {
    const tokens = (resource: string) => ({ name: resource, path: tokenPath, queryParameters: { resource } });
    const [management, graph] = [tokens('https://management.azure.com'), tokens('https://graph.microsoft.com')];
    const profileOf = (...privileges: JsonObject[]) => ({
      mode: 'Enforce',
      defaultAccess: 'Deny',
      rules: rules(privileges, [{ name: 'a', userName: 'a' }]),
    });
    const own = ask('a', { resource: `${origin}/` });
    assert.equal(decision(own, profileOf(graph)), 'Deny');
    assert.equal(decision(own, profileOf(management)), 'Deny');
    assert.equal(decision(own, profileOf(management, graph)), 'Allow');
    assert.equal(decision(own, profileOf(tokens(origin))), 'Allow');
  });
});

describe('recurringWindows', () => {
  it('bound what roles grant, and leave the rest to defaultAccess', () => {
    const profile = { ...twoUsers, defaultAccess: 'Allow', recurringWindows: ['daily 13:00-14:00 UTC'] };
    assert.equal(decision(ask('alice', vault), profile), 'Deny');
    assert.equal(decision(ask('alice', vault), { ...profile, recurringWindows: ['daily 12:00-13:00 UTC'] }), 'Allow');
    assert.equal(decision(ask('bob', {}, { path: '/metadata/instance' }), profile), 'Allow');
  });
});

describe('how a request is spelled', () => {
  const percentEncode = (text: string, chosen: readonly boolean[]) =>
    [...text].map((sign, at) => (chosen[at % chosen.length] ? `%${sign.charCodeAt(0).toString(16)}` : sign)).join('');
  const spelling = fc.record({
    chosen: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
    upper: fc.boolean(),
    slash: fc.boolean(),
    empty: fc.constantFrom('', '&x=', '&&', '&client_id='),
    selector: fc.constantFrom('', '&client_id=c', '&MI_RES_ID=m', '&object_id=o'),
    user: fc.constantFrom('alice', 'deploy', 'bob'),
    resource: fc.constantFrom('https://vault.azure.net', 'https://management.azure.com', 'https://graph.microsoft.com'),
  });

  it('never changes a decision', () => {
    const decider = deciderOf(twoUsers);
    fc.assert(
      fc.property(spelling, ({ chosen, upper, slash, empty, selector, user, resource }) => {
        const cased = (text: string) => (upper ? text.toUpperCase() : text);
        const path = tokenPath
          .split('/')
          .map((segment) => percentEncode(cased(segment), chosen))
          .join('/');
        const value = percentEncode(cased(`${resource}${slash ? '/' : ''}`), chosen);
        const target = parseTarget(`${path}?${percentEncode(cased('resource'), chosen)}=${value}${empty}${selector}`);
        if (isRefusal(target)) return;
        const { segments, query } = target;
        const asked = ask(user, Object.fromEntries(query), { path: `/${segments.join('/')}`, identity });
        const plain = ask(user, { resource }, { identity });
        assert.deepEqual(decider.decide(asked, noon), decider.decide(plain, noon));
      }),
    );
  });
});

describe('10,000 rules', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => at);
  const profile: JsonObject = {
    mode: 'Enforce',
    defaultAccess: 'Deny',
    rules: {
      privileges: many.map((at) => ({
        name: `p${at}`,
        path: tokenPath,
        queryParameters: { resource: `api://r${at}` },
      })),
      roles: many.map((at) => ({ name: `r${at}`, privileges: [`p${at}`] })),
      identities: many.map((at) => ({ name: `i${at}`, userName: `u${at}` })),
      roleAssignments: many.map((at) => ({ role: `r${at}`, identities: [`i${at}`] })),
    },
  };

  it('are read and decide as one does', () => {
    assert.equal(decision(ask('u9999', { resource: 'api://r9999' }), profile), 'Allow');
    assert.equal(decision(ask('u9999', { resource: 'api://r9998' }), profile), 'Deny');
  });
});

describe('any set of rules', () => {
  const users = ['a', 'b', 'c'];
  const pick = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
  const profiles = fc.record({
    defaultAccess: fc.constantFrom('Allow', 'Deny'),
    paths: fc.array(
      fc.record({
        path: fc.constantFrom('/', '/metadata', '/metadata/identity', tokenPath),
        queryParameters: fc.constantFrom(
          {},
          { resource: 'api://x' },
          { resource: 'api://y', client_id: 'c' },
          { client_id: 'c' },
        ),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    grants: fc.array(fc.record({ privileges: fc.nat(), identities: pick(users) }), { maxLength: 6 }),
  });

  it('decides what going through all of them decides', () => {
    fc.assert(
      fc.property(
        profiles,
        fc.constantFrom(...users),
        fc.constantFrom('api://x', 'api://y', 'api://z'),
        (drawn, user, resource) => {
          const privileges = drawn.paths.map((privilege, at) => ({ name: `p${at}`, ...privilege }));
          const granted = drawn.grants.map(({ privileges: at, identities }) => ({
            privilege: at % privileges.length,
            identities,
          }));
          const profile: JsonObject = {
            mode: 'Enforce',
            defaultAccess: drawn.defaultAccess,
            rules: {
              privileges,
              identities: users.map((name) => ({ name, userName: name })),
              roles: privileges.map(({ name }) => ({ name, privileges: [name] })),
              roleAssignments: granted.map(({ privilege, identities }) => ({ role: `p${privilege}`, identities })),
            },
          };
          const selected = { principalId: 'p', clientId: 'c', resourceId: 'r' };
          const matches = privileges.map(
            ({ path, queryParameters }) =>
              tokenPath.startsWith(path) && (!('resource' in queryParameters) || queryParameters.resource === resource),
          );
          const isHeld = granted.some(({ privilege, identities }) => matches[privilege] && identities.includes(user));
          const expected = isHeld ? 'Allow' : matches.includes(true) ? 'Deny' : drawn.defaultAccess;
          assert.equal(decision(ask(user, { resource }, { identity: selected }), profile), expected);
        },
      ),
    );
  });
});
