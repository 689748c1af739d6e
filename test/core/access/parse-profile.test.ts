import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseProfile } from '../../../src/core/access/parse-profile.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import { twoUsers } from './example-profile.ts';

const alice = { name: 'alice', userName: 'alice' };
const token = { name: 'token', path: '/metadata/identity' };

function refusalOf(change: JsonObject): { readonly target: string | undefined; readonly message: string } {
  const parsed = parseProfile({ ...twoUsers, ...change });
  assert.ok(isRefusal(parsed), `accepted ${JSON.stringify(change).slice(0, 100)}`);
  assert.equal(parsed.refused, 'InvalidParameter');
  return { target: parsed.target, message: parsed.message };
}

function targetOf(rules: JsonObject): string | undefined {
  return refusalOf({ rules }).target;
}

describe('a profile version', () => {
  it('is read with its words in any letter case', () => {
    const parsed = parseProfile({ ...twoUsers, mode: 'ENFORCE', defaultAccess: 'deny' });
    assert.ok(!isRefusal(parsed));
    assert.deepEqual([parsed.mode, parsed.defaultAccess], ['Enforce', 'Deny']);
  });

  it('may have no rules', () => {
    assert.ok(!isRefusal(parseProfile({ mode: 'Audit', defaultAccess: 'Allow', rules: null })));
  });

  it('needs mode and defaultAccess, with words that are known', () => {
    for (const [name, value] of [
      ['mode', undefined],
      ['mode', 'Strict'],
      ['defaultAccess', null],
      ['defaultAccess', 'Maybe'],
    ] as const) {
      const { target, message } = refusalOf({ [name]: value as Json });
      assert.equal(target, `properties.${name}`);
      if (typeof value === 'string') assert.match(message, new RegExp(value));
    }
  });
});

describe('the rules of a profile version', () => {
  it('may not name nothing', () => {
    assert.equal(targetOf({ identities: [{ name: 'nobody' }] }), 'properties.rules.identities[0]');
    assert.equal(targetOf({ roles: [{ name: 'r', privileges: [] }] }), 'properties.rules.roles[0].privileges');
    const rules = { privileges: [token], roles: [{ name: 'r', privileges: ['token'] }] };
    const assigned = { ...rules, roleAssignments: [{ role: 'r', identities: [] }] };
    assert.equal(targetOf(assigned), 'properties.rules.roleAssignments[0].identities');
    assert.equal(targetOf({ privileges: [{ name: 'p' }] }), 'properties.rules.privileges[0].path');
    assert.equal(targetOf({ privileges: [{ path: '/' }] }), 'properties.rules.privileges[0].name');
    const empty = { ...token, queryParameters: { resource: '' } };
    assert.equal(targetOf({ privileges: [empty] }), 'properties.rules.privileges[0].queryParameters.resource');
  });

  it('may name only what is there', () => {
    const roles = [{ name: 'r', privileges: ['token', 'tokens'] }];
    assert.equal(targetOf({ privileges: [token], roles }), 'properties.rules.roles[0].privileges[1]');
    const rules = { privileges: [token], identities: [alice], roles: [{ name: 'r', privileges: ['token'] }] };
    const wrongRole = { ...rules, roleAssignments: [{ role: 'R', identities: ['alice'] }] };
    assert.equal(targetOf(wrongRole), 'properties.rules.roleAssignments[0].role');
    const wrongIdentity = { ...rules, roleAssignments: [{ role: 'r', identities: ['bob'] }] };
    assert.equal(targetOf(wrongIdentity), 'properties.rules.roleAssignments[0].identities[0]');
  });

  it('have no roles in roles, and so no cycles', () => {
    const roles = [
      { name: 'a', privileges: ['b'] },
      { name: 'b', privileges: ['a'] },
    ];
    const { message } = refusalOf({ rules: { roles } });
    assert.match(message, /no privilege of this name/);
  });

  it('have each name once', () => {
    assert.equal(targetOf({ identities: [alice, alice] }), 'properties.rules.identities[1].name');
    assert.equal(targetOf({ privileges: [token, token] }), 'properties.rules.privileges[1].name');
    const twice = { privileges: [token], roles: [{ name: 'r', privileges: ['token', 'token'] }] };
    assert.equal(targetOf(twice), 'properties.rules.roles[0].privileges[1]');
    const cased = { ...token, queryParameters: { Resource: 'a', resource: 'b' } };
    assert.equal(targetOf({ privileges: [cased] }), 'properties.rules.privileges[0].queryParameters');
  });

  it('have no field that would be left unheeded', () => {
    assert.equal(targetOf({ identities: [{ ...alice, grupName: 'ops' }] }), 'properties.rules.identities[0]');
    assert.equal(targetOf({ denials: [] }), 'properties.rules');
  });

  it('have users as a passwd file can name them', () => {
    for (const userName of ['', ' ', 'a:b', '../a', 'a\nb', 'a\u202eb', 'al*', ' alice', 'a\u0000', 'x'.repeat(5000)]) {
      assert.equal(targetOf({ identities: [{ name: 'i', userName }] }), 'properties.rules.identities[0].userName');
    }
    for (const userName of ['www-data', 'svc$', 'j.doe@contoso.com', 'zoë', 'DOMAIN\\alice', '1000']) {
      assert.ok(!isRefusal(parseProfile({ ...twoUsers, rules: { identities: [{ name: 'i', userName }] } })), userName);
    }
  });

  it('have programs by their whole path', () => {
    for (const exePath of ['python3', './a', '/usr/../bin/sh', '/usr//bin/sh', '/usr/bin/*', '/usr/bin/', '/a[b]']) {
      assert.equal(targetOf({ identities: [{ name: 'i', exePath }] }), 'properties.rules.identities[0].exePath');
    }
    assert.equal(
      targetOf({ identities: [{ name: 'i', processName: '/bin/sh' }] }),
      'properties.rules.identities[0].processName',
    );
  });

  it('have paths that a request can have', () => {
    for (const path of [
      'metadata',
      '',
      '/a?b=c',
      '/a%3fb',
      '/meta*',
      '/**/token',
      '/a/../b',
      '/a/%2e%2e',
      '/%',
      '/%ff',
      '/a#b',
      '/a\u0007',
    ]) {
      assert.equal(targetOf({ privileges: [{ name: 'p', path }] }), 'properties.rules.privileges[0].path', path);
    }
  });

  it('are at most 20,000 of a kind', () => {
    const privileges = Array.from({ length: 20_001 }, (_, at) => ({ name: `p${at}`, path: '/' }));
    assert.match(refusalOf({ rules: { privileges } }).message, /20001.*at most 20000/);
  });

  it('never make reading fail otherwise than with a refusal', () => {
    const names = fc.constantFrom('privileges', 'roles', 'identities', 'roleAssignments', 'name', 'path', 'userName');
    const json = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, 1, '', 'a', '/a'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(names, tie('tree'), { maxKeys: 4 }),
      ),
    })).tree;
    fc.assert(
      fc.property(json, (rules) => {
        const parsed = parseProfile({ ...twoUsers, rules: rules as Json });
        if (isRefusal(parsed)) assert.ok(parsed.target?.startsWith('properties.'));
      }),
    );
  });
});

describe('recurringWindows', () => {
  it('are refused where no role is assigned that they could bound', () => {
    const { target } = refusalOf({ rules: {}, recurringWindows: ['daily 08:00-18:00 UTC'] });
    assert.equal(target, 'properties.recurringWindows');
  });

  it('are refused where one is malformed', () => {
    assert.equal(refusalOf({ recurringWindows: 'daily' }).target, 'properties.recurringWindows');
    const second = refusalOf({ recurringWindows: ['daily 08:00-18:00 UTC', 'often'] });
    assert.equal(second.target, 'properties.recurringWindows[1]');
  });
});
