import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccessFacts } from '../../../../src/core/rbac/access-facts.ts';
import { evaluatorOf } from '../../../../src/core/rbac/condition/evaluate.ts';
import { parseCondition } from '../../../../src/core/rbac/condition/parse.ts';
import { isFlaw } from '../../../../src/core/rbac/condition/syntax.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';

const write = 'microsoft.authorization/roleassignments/write';
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const noon = Date.UTC(2026, 10, 24, 12) as EpochMillis;

const base = 'microsoft.authorization/roleassignments';
const facts: AccessFacts = {
  now: noon,
  actor: { userName: 'alice', uid: 1000 },
  machineResourceId: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-1',
  request: { [`${base}:roledefinitionid`]: reader, [`${base}:principaltype`]: 'ServicePrincipal' },
};

function holds(text: string, known: AccessFacts = facts, action = write) {
  const parsed = parseCondition(text);
  assert.ok(!isFlaw(parsed), isFlaw(parsed) ? `${text}: ${parsed.position}: ${parsed.flaw}` : '');
  return evaluatorOf(text)({ action, plane: 'control', facts: known });
}

function expect(truth: boolean | undefined, ...texts: readonly string[]) {
  for (const text of texts) assert.equal(holds(text), truth, text);
}

const role = '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]';
const kind = '@Request[Microsoft.Authorization/roleAssignments:PrincipalType]';
const user = '@Principal[Postern/actor:userName]';
const uid = '@Principal[Postern/actor:uid]';
const utcNow = '@Environment[UtcNow]';
const missing = '@Request[Microsoft.Authorization/roleAssignments:PrincipalId]';

describe('a function of a condition', () => {
  it('matches the action that is asked, wildcards and letter case as in roles', () => {
    expect(true, "ActionMatches{'Microsoft.Authorization/roleAssignments/write'}");
    expect(true, "ActionMatches{'Microsoft.Authorization/roleAssignments/*'}", "ActionMatches{'*'}");
    expect(false, "ActionMatches{'Microsoft.Authorization/roleAssignments'}", "ActionMatches{'*/delete'}");
  });

  it('matches no suboperation of Resource Manager, and cannot say which one a data action is of', () => {
    expect(false, "SubOperationMatches{'Blob.List'}");
    const asked = { action: 'a/read', plane: 'data', facts } as const;
    assert.equal(evaluatorOf("SubOperationMatches{'Blob.List'}")(asked), undefined);
    assert.equal(evaluatorOf("!(SubOperationMatches{'Blob.List'})")(asked), undefined);
  });

  it('says whether there is an attribute where that is certain', () => {
    expect(true, `Exists ${role}`, `Exists ${user}`, `Exists ${utcNow}`);
    expect(undefined, `Exists ${missing}`, `NOT Exists ${missing}`, 'NOT Exists @Environment[isPrivateLink]');
    assert.equal(holds(`Exists ${user}`, { now: noon }), false);
    assert.equal(holds(`NOT Exists ${user}`, { now: noon }), true);
    assert.equal(holds(`NOT Exists ${uid}`, { now: noon, actor: { userName: 'alice' } }), undefined);
    assert.equal(holds(`NOT Exists ${user}`, { now: noon, callerUnknown: true }), undefined);
    const unknown = { action: write, plane: 'control', facts: undefined } as const;
    assert.equal(evaluatorOf(`NOT Exists ${user}`)(unknown), undefined);
  });
});

describe('a comparison', () => {
  it('of texts heeds the letter case unless it ignores it', () => {
    expect(
      true,
      `${user} StringEquals 'alice'`,
      `${user} StringEqualsIgnoreCase 'ALICE'`,
      `${user} StringNotEquals 'Alice'`,
    );
    expect(
      false,
      `${user} StringEquals 'Alice'`,
      `${user} StringNotEqualsIgnoreCase 'Alice'`,
      `${user} StringEquals 'alice '`,
    );
    expect(true, `${kind} StringStartsWith 'Service'`, `${kind} StringNotStartsWith 'service'`);
    expect(true, `${kind} StringStartsWithIgnoreCase 'service'`, `${kind} StringStartsWith ''`);
    expect(false, `${kind} StringNotStartsWithIgnoreCase 'service'`, `${kind} StringStartsWith 'ServicePrincipals'`);
  });

  it('of texts by their end, or by what they contain, heeds the letter case', () => {
    expect(
      true,
      `${kind} StringEndsWith 'Principal'`,
      `${kind} StringContains 'vicePrin'`,
      `${kind} StringContains ''`,
    );
    expect(false, `${kind} StringEndsWith 'principal'`, `${kind} StringContains 'viceprin'`);
    expect(true, `${kind} StringNotEndsWith 'Service'`, `${kind} StringNotContains '*'`);
    expect(false, `${kind} StringNotEndsWith 'Principal'`, `${kind} StringNotContains 'Service'`);
    expect(undefined, "@Resource[Microsoft.KeyVault/vaults:name] StringNotContains 'x'");
  });

  it('of texts with patterns takes * and ?, and themselves behind a backslash', () => {
    expect(true, "'abcd' StringLike 'a*c?'", "'abcd' StringLikeIgnoreCase 'A*C?'", "'a*' StringLike 'a\\*'");
    expect(
      false,
      "'abcd' StringLike 'A*C?'",
      "'abcd' StringLike 'a*c'",
      "'ab' StringLike 'a\\*'",
      "'aa' StringLike 'a?a'",
    );
    expect(
      true,
      "'abcd' StringNotLike 'x*'",
      "'a?' StringLike 'a\\?'",
      "'' StringLike '*'",
      "'\u{1f600}' StringLike '??'",
    );
  });

  it('of numbers and of truth values', () => {
    expect(true, `${uid} NumericEquals 1000`, `${uid} NumericGreaterThan 999`, `${uid} NumericLessThanEquals 1000`);
    expect(
      false,
      `${uid} NumericNotEquals 1000`,
      `${uid} NumericLessThan 1000`,
      `${uid} NumericGreaterThanEquals 1001`,
    );
    expect(true, 'true BoolEquals true', 'true BoolNotEquals false');
  });

  it('of GUIDs in any letter case', () => {
    expect(
      true,
      `${role} GuidEquals ${reader.toUpperCase()}`,
      `${role} GuidEquals '${reader}'`,
      `${role} GuidNotEquals ${owner}`,
    );
    expect(false, `${role} GuidEquals ${owner}`);
  });

  it('of times goes to a ten-millionth of a second', () => {
    expect(
      true,
      `${utcNow} DateTimeEquals '2026-11-24T12:00:00Z'`,
      `${utcNow} DateTimeGreaterThan '2026-11-24T11:59:59.9999999Z'`,
    );
    expect(
      true,
      `${utcNow} DateTimeLessThan '2026-11-24T12:00:00.0000001Z'`,
      `${utcNow} DateTimeNotEquals '2026-11-24T12:00:00.0000001Z'`,
    );
    expect(
      false,
      `${utcNow} DateTimeGreaterThanEquals '2026-11-24T12:00:00.0000001Z'`,
      `${utcNow} DateTimeLessThan '2026-11-24T12:00:00Z'`,
    );
  });

  it('of several values holds for any or for all of either side', () => {
    expect(true, "{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}");
    expect(false, "{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'orange', 'green'}");
    expect(true, "{'red', 'blue'} ForAllOfAnyValues:StringEquals {'orange', 'red', 'blue'}");
    expect(false, "{'red', 'blue'} ForAllOfAnyValues:StringEquals {'red', 'green'}");
    expect(true, '{10, 20} ForAnyOfAllValues:NumericLessThan {15, 18}');
    expect(
      false,
      '{10, 20} ForAllOfAllValues:NumericLessThan {5, 15, 18}',
      '{10, 20} ForAllOfAllValues:NumericLessThan {15, 25, 30}',
    );
    expect(true, '{10, 20} ForAllOfAllValues:NumericLessThan {25, 30}');
    expect(
      true,
      `${role} ForAnyOfAnyValues:GuidEquals {${owner}, ${reader}}`,
      `${role} ForAnyOfAllValues:GuidNotEquals {${owner}}`,
    );
    expect(false, `${role} ForAnyOfAllValues:GuidNotEquals {${owner}, ${reader}}`);
  });
});

describe('what cannot be evaluated', () => {
  const cases = [
    `${missing} GuidEquals ${owner}`,
    `${missing} GuidNotEquals ${owner}`,
    `${missing} ForAnyOfAnyValues:GuidEquals {${owner}}`,
    `${missing} ForAllOfAllValues:GuidNotEquals {${owner}}`,
    '@Environment[isPrivateLink] BoolEquals true',
    `${kind} GuidNotEquals ${owner}`,
  ];

  it('is neither true nor false, and no NOT makes it so', () => {
    for (const text of cases) expect(undefined, text, `!(${text})`, `!(!(${text}))`);
  });

  it('leaves AND what is false already, and OR what is true already', () => {
    for (const text of cases) {
      expect(undefined, `${text} AND ActionMatches{'*'}`, `${text} OR ActionMatches{'x/y'}`);
      expect(false, `${text} AND ActionMatches{'x/y'}`);
      expect(true, `${text} OR ActionMatches{'*'}`);
    }
  });

  it('is an attribute of several values where one is compared, and one without any', () => {
    const several = (values: readonly string[]) => ({ ...facts, request: { [`${base}:principaltype`]: values } });
    assert.equal(holds(`${kind} StringEquals 'a'`, several(['a', 'b'])), undefined);
    assert.equal(holds(`${kind} StringEquals 'a'`, several(['a'])), true);
    assert.equal(holds(`${kind} ForAllOfAnyValues:StringEquals {'a'}`, several([])), undefined);
  });

  it('is a text that is no condition', () => {
    const never = evaluatorOf('@Nothing[x] StringEquals');
    assert.equal(never({ action: write, plane: 'control', facts }), undefined);
  });
});

describe('a hostile pattern', () => {
  it('takes time that grows with text and pattern alone', () => {
    const started = performance.now();
    const pattern = `${Array.from({ length: 300 }, () => '*a?').join('')}b`;
    const text = Array.from({ length: 7000 }, () => 'a').join('');
    assert.equal(holds(`'${text}' StringLike '${pattern}'`), false);
    const long = Array.from({ length: 3000 }, () => '?').join('');
    assert.equal(holds(`'${text.slice(0, 4000)}' StringLike '*${long}b*'`), false);
    assert.ok(performance.now() - started < 1000);
  });
});
