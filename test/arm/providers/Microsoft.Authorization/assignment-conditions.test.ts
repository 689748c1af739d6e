import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { permit } from '../../../../src/arm/permit/permit.ts';
import type { Json, JsonObject } from '../../../../src/core/json.ts';
import type { VerifiedToken } from '../../../../src/core/ports/token-verifier.ts';
import { isRefusal } from '../../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';
import {
  bodyOf,
  contributor,
  group1,
  guid,
  machine,
  type OpenProvider,
  owner,
  person,
  reader,
  refusalOf,
  stranger,
  team,
  vm,
  wanted,
  withProvider,
} from './provider-under-test.ts';

const name = guid(1);
const accessAdministrator = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
const isReader = `ForAnyOfAnyValues:GuidEquals {${reader}}`;

/** As the portal's template "Constrain roles and principal types" writes it. */
const delegated = `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ${isReader} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal')) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ${isReader}))`;

describe('a role assignment with a condition', () => {
  const condition = "@Environment[UtcNow] DateTimeLessThan '2026-11-24T12:00:00Z'";
  const body = wanted(reader, machine, { condition, conditionVersion: '2.0' });

  it('is stored, shown and listed with it', () =>
    withProvider(async ({ put, get }) => {
      const made = bodyOf(await put({ scope: group1, name, body }));
      const { condition: shown, conditionVersion } = made['properties'] as JsonObject;
      assert.deepEqual([shown, conditionVersion], [condition, '2.0']);
      assert.deepEqual(bodyOf(await get({ scope: group1, name })), made);
      assert.deepEqual(bodyOf(await get({ scope: group1 }))['value'], [made]);
    }));

  it('is shown without it by versions from before there were any, and keeps it when these write', () =>
    withProvider(async ({ put, get }) => {
      await put({ scope: group1, name, body });
      const asked = { scope: group1, name, apiVersion: '2015-07-01' };
      assert.ok(!('condition' in (bodyOf(await get(asked))['properties'] as JsonObject)));
      bodyOf(await put({ ...asked, body: wanted(reader, machine) }));
      const kept = bodyOf(await get({ scope: group1, name }))['properties'] as JsonObject;
      assert.equal(kept['condition'], condition);
    }));

  it('allows where it holds, and not where it does not', () =>
    withProvider(async ({ put, authorizer }) => {
      await put({ scope: group1, name, body });
      const action = 'Microsoft.Compute/virtualMachines/read';
      const at = (now: number) =>
        authorizer.decide({ principalId: machine, action, scope: vm, facts: { now: now as EpochMillis } }).allowed;
      assert.ok(at(Date.UTC(2026, 10, 24, 11, 59)));
      assert.ok(!at(Date.UTC(2026, 10, 24, 12)));
      assert.ok(!authorizer.decide({ principalId: machine, action, scope: vm }).allowed);
    }));

  it('takes another condition in its place, and none', () =>
    withProvider(async ({ put, authorizer }) => {
      await put({ scope: group1, name, body });
      const other = condition.replace('LessThan', 'GreaterThan');
      const changed = await put({ scope: group1, name, body: wanted(reader, machine, { condition: other }) });
      assert.equal((bodyOf(changed)['properties'] as JsonObject)['condition'], other);
      const plain = bodyOf(await put({ scope: group1, name, body: wanted(reader, machine) }))[
        'properties'
      ] as JsonObject;
      assert.deepEqual([plain['condition'], plain['conditionVersion']], [null, null]);
      const action = 'Microsoft.Compute/virtualMachines/read';
      assert.ok(authorizer.decide({ principalId: machine, action, scope: vm }).allowed);
    }));

  const refused: Readonly<Record<string, readonly [properties: JsonObject, why: RegExp]>> = {
    'an attribute that there is not': [
      { condition: "@Resource[a:b] StringEquals 'c'" },
      /At position 1: there is no attribute/,
    ],
    'an operator that there is not': [
      { condition: '1 NumberEquals 1' },
      /At position 3: there is no operator 'NumberEquals'/,
    ],
    'open parentheses': [{ condition: '((1 NumericEquals 1)' }, /At position 21: AND, OR or '\)' is expected/],
    'an old version': [{ condition, conditionVersion: '1.0' }, /The version '1\.0' is not known; it must be '2\.0'/],
    'what is no text': [{ condition: { a: 1 } }, /must be a text/],
  };
  for (const [what, [properties, why]] of Object.entries(refused)) {
    it(`is refused for ${what}`, () =>
      withProvider(async ({ put }) => {
        const [code, message] = refusalOf(
          await put({ scope: group1, name, body: wanted(reader, machine, properties) }),
        );
        assert.equal(code, 'InvalidRoleAssignmentCondition');
        assert.match(message, /^The given role assignment condition is invalid\. /);
        assert.match(message, why);
      }));
  }
});

describe('who may assign roles under a condition', () => {
  const delegate = person;
  const token = { objectId: delegate, appId: 'client' } as VerifiedToken;
  const now = 0 as EpochMillis;

  async function under(work: (may: Ask, open: OpenProvider) => Promise<void>, condition = delegated) {
    await withProvider(async (open) => {
      const body = wanted(accessAdministrator, delegate, { condition });
      bodyOf(await open.put({ scope: group1, name: guid(50), body }));
      await work(asking(open), open);
    });
  }

  type Ask = (method: 'PUT' | 'DELETE', name: string, body?: Json) => Promise<string | undefined>;

  function asking({ attributes, authorizer }: OpenProvider): Ask {
    return async (method, asked, body) => {
      const scope = group1;
      const known = await attributes('roleAssignments', method, { scope, name: asked, ...(body && { body }) });
      const verb = method === 'PUT' ? 'write' : 'delete';
      const action = `Microsoft.Authorization/roleAssignments/${verb}`;
      const decided = permit(authorizer, token, action, `${scope}/x`, { now, ...known });
      return isRefusal(decided) ? decided.message : undefined;
    };
  }

  it('assigns the roles that it names to the types of principals that it names', () =>
    under(async (may) => {
      assert.equal(await may('PUT', name, wanted(reader, machine)), undefined);
      assert.match(
        (await may('PUT', name, wanted(owner, machine))) ?? '',
        /ABAC condition not fulfilled to perform action/,
      );
      assert.match((await may('PUT', name, wanted(reader, team))) ?? '', /ABAC condition not fulfilled/);
    }));

  const type = 'Microsoft.Authorization/roleAssignments';
  const privileged = `${owner}, 18d7d88d-d35e-4fb5-a5c3-7773c20a72d9, f58310d9-a9f6-439a-9e8d-f62e7b41a168`;
  const templates: Readonly<Record<string, readonly [expression: string, allowed: JsonObject, denied: JsonObject]>> = {
    'Constrain roles': [
      `@SOURCE[${type}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${contributor}, ${reader}}`,
      wanted(reader, team),
      wanted(owner, machine),
    ],
    'Constrain roles and principal types': [
      `@SOURCE[${type}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${reader}}\n  AND\n  @SOURCE[${type}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'User', 'Group'}`,
      wanted(reader, team),
      wanted(reader, machine),
    ],
    'Constrain roles and principals': [
      `@SOURCE[${type}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${reader}}\n  AND\n  @SOURCE[${type}:PrincipalId] ForAnyOfAnyValues:GuidEquals {${team}, ${person}}`,
      wanted(reader, team),
      wanted(reader, machine),
    ],
    'Allow all except specific roles': [
      `@SOURCE[${type}:RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {${privileged}}`,
      wanted(reader, machine),
      wanted(owner, machine),
    ],
  };
  for (const [template, [expression, allowed, denied]] of Object.entries(templates)) {
    it(`writes and deletes what the portal's template '${template}' allows, and nothing beside it`, () => {
      const clause = (verb: string, source: string) =>
        `(\n (\n  !(ActionMatches{'${type}/${verb}'})\n )\n OR \n (\n  ${expression.replaceAll('SOURCE', source)}\n )\n)`;
      const condition = `${clause('write', 'Request')}\nAND\n${clause('delete', 'Resource')}`;
      return under(async (may, { put }) => {
        assert.equal(await may('PUT', name, allowed), undefined);
        assert.match((await may('PUT', name, denied)) ?? '', /ABAC condition not fulfilled/);
        await put({ scope: group1, name: guid(2), body: allowed });
        await put({ scope: group1, name: guid(3), body: denied });
        assert.equal(await may('DELETE', guid(2)), undefined);
        assert.match((await may('DELETE', guid(3))) ?? '', /ABAC condition not fulfilled/);
      }, condition);
    });
  }

  it('cannot pass a group off as a service principal', () =>
    under(async (may) => {
      const body = wanted(reader, team, { principalType: 'ServicePrincipal' });
      assert.match((await may('PUT', name, body)) ?? '', /ABAC condition not fulfilled/);
      assert.equal(await may('PUT', name, wanted(reader, stranger, { principalType: 'ServicePrincipal' })), undefined);
      assert.match((await may('PUT', name, wanted(reader, stranger))) ?? '', /ABAC condition/, 'its type is not known');
    }));

  it('assigns nothing with a body that says nothing', () =>
    under(async (may) => {
      for (const body of [undefined, {}, { properties: {} }, wanted('none', machine)] as const) {
        assert.match((await may('PUT', name, body)) ?? '', /AuthorizationFailed|not have authorization/);
      }
    }));

  it('deletes assignments of these roles alone', () =>
    under(async (may, { put }) => {
      await put({ scope: group1, name: guid(2), body: wanted(reader, machine) });
      await put({ scope: group1, name: guid(3), body: wanted(contributor, machine) });
      assert.equal(await may('DELETE', guid(2)), undefined);
      assert.match((await may('DELETE', guid(3))) ?? '', /ABAC condition not fulfilled/);
      assert.match((await may('DELETE', guid(4))) ?? '', /ABAC condition not fulfilled/, 'there is none');
    }));

  it('may more as soon as its condition says so', () =>
    under(async (may, { put }) => {
      await put({ scope: group1, name: guid(3), body: wanted(contributor, machine) });
      assert.match((await may('DELETE', guid(3))) ?? '', /ABAC condition not fulfilled/);
      const wider = delegated.replaceAll(`{${reader}}`, `{${reader}, ${contributor}}`);
      await put({ scope: group1, name: guid(50), body: wanted(accessAdministrator, delegate, { condition: wider }) });
      assert.equal(await may('DELETE', guid(3)), undefined);
      assert.equal(await may('PUT', name, wanted(contributor, machine)), undefined);
    }));

  it('does not change its own assignment, so that its condition stays', () =>
    under(async (may) => {
      assert.match((await may('PUT', guid(50), wanted(accessAdministrator, delegate))) ?? '', /ABAC condition/);
    }));

  it('may do what its condition is not about', () =>
    under(async (_, { authorizer }) => {
      const ask = (action: string) => authorizer.decide({ principalId: delegate, action, scope: vm, facts: { now } });
      assert.ok(ask('Microsoft.Authorization/roleAssignments/read').allowed);
      assert.ok(!ask('Microsoft.Authorization/roleAssignments/write').allowed, 'of which assignment is not known');
    }));

  it('is explained to the operator by the clause that does not hold', () =>
    under(async (_, { authorizer, attributes }) => {
      const known = await attributes('roleAssignments', 'PUT', { scope: group1, name, body: wanted(owner, machine) });
      const question = {
        principalId: delegate,
        action: 'Microsoft.Authorization/roleAssignments/write',
        scope: group1,
      };
      const why = authorizer.explain({ ...question, facts: { now, ...known } });
      assert.equal(why.kind, 'nearestMiss');
      assert.match(
        why.reason,
        /its condition does not hold: @Request\[Microsoft.Authorization\/roleAssignments:RoleDefinitionId\] ForAnyOfAnyValues:GuidEquals acdd72a7-\S+ is false$/,
      );
      const unasked = authorizer.explain({ ...question, facts: { now } });
      assert.match(unasked.reason, /cannot be evaluated: @Request\[\S+RoleDefinitionId\] is not known$/);
    }));
});

describe("a built-in role's own condition", () => {
  const fileSync = '92b92042-07d9-4307-87f7-36a593fc5850';
  const contributorOfAccounts = '17d1049b-9a84-46fb-8f53-869881c3d3ab';
  const action = 'Microsoft.Authorization/roleAssignments/write';

  it('is evaluated: Azure File Sync Administrator assigns the roles that it needs, to service principals', () =>
    withProvider(async ({ put, attributes, authorizer }) => {
      bodyOf(await put({ scope: group1, name: guid(50), body: wanted(fileSync, person) }));
      const may = async (body: Json) => {
        const known = await attributes('roleAssignments', 'PUT', { scope: group1, name, body });
        const facts = { now: 0 as EpochMillis, ...known };
        return authorizer.decide({ principalId: person, action, scope: vm, facts }).allowed;
      };
      assert.ok(await may(wanted(contributorOfAccounts, machine)));
      assert.ok(!(await may(wanted(owner, machine))));
      assert.ok(!(await may(wanted(contributorOfAccounts, team))));
      const other = 'Microsoft.StorageSync/operations/read';
      assert.ok(authorizer.decide({ principalId: person, action: other, scope: vm }).allowed);
    }));
});
