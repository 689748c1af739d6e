import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maxConditionDepth, maxConditionLength, parseCondition } from '../../../../src/core/rbac/condition/parse.ts';
import { isFlaw } from '../../../../src/core/rbac/condition/syntax.ts';

const roleId = '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]';
const type = '@Request[Microsoft.Authorization/roleAssignments:PrincipalType]';
const uid = '@Principal[Postern/actor:uid]';
const guid = '5e467623-bb1f-42f4-a55d-6e525e11384b';
const write = "ActionMatches{'Microsoft.Authorization/roleAssignments/write'}";

function accept(text: string) {
  const parsed = parseCondition(text);
  assert.ok(!isFlaw(parsed), isFlaw(parsed) ? `${parsed.position}: ${parsed.flaw}` : '');
  return parsed;
}

function refuse(text: string) {
  const parsed = parseCondition(text);
  assert.ok(isFlaw(parsed), `accepted: ${text.slice(0, 200)}`);
  return parsed;
}

function repeat(text: string, times: number): string {
  return Array.from({ length: times }, () => text).join('');
}

describe('a condition', () => {
  it('is what the portal writes for delegated role assignments', () => {
    const parsed = accept(`(
 (
  !(${write})
 )
 OR
 (
  ${roleId} ForAnyOfAnyValues:GuidEquals {${guid}, a795c7a0-d4a2-40c1-ae25-d81f01202912}
  AND
  ${type} StringEqualsIgnoreCase 'ServicePrincipal'
 )
)
AND
(
 (
  !(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})
 )
 OR
 (
  @Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {${guid}}
 )
)`);
    assert.equal(parsed.kind, 'and');
  });

  it('is written in any letter case, with signs or with words', () => {
    for (const text of [
      `!(${write}) OR ${uid} NumericEquals 1`,
      `not (${write}) || ${uid} numericequals 1`,
      `NOT ${write.replace('ActionMatches', 'actionmatches')} or @PRINCIPAL[postern/ACTOR:UID] NumericEquals 1`,
    ]) {
      assert.equal(accept(text).kind, 'or');
    }
  });

  it('names blob, queue and network attributes too, as Azure does', () => {
    const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
    for (const text of [
      `!(ActionMatches{'${blobs}/read'} AND NOT SubOperationMatches{'Blob.List'}) OR @Resource[${blobs}:path] StringLike 'readonly/*'`,
      `@Request[${blobs}/tags:Project<$key_case_sensitive$>] ForAllOfAnyValues:StringEquals {'Cascade', 'Baker'}`,
      `@Request[${blobs}/tags&$keys$&] ForAllOfAnyValues:StringEquals {'Project', 'Program'}`,
      `@Request[${blobs}:versionId] DateTimeEquals '2022-06-01T00:00:00.0Z' OR NOT Exists @Request[${blobs}:versionId]`,
      '@Resource[Microsoft.Storage/storageAccounts:isHnsEnabled] BoolEquals true AND @Environment[isPrivateLink] BoolEquals false',
      `@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Engineering_Project] StringEquals @Resource[${blobs}/tags:Project<$key_case_sensitive$>]`,
    ]) {
      accept(text);
    }
  });

  it('names the secrets of vaults and the repositories of registries', () => {
    const vaults = 'Microsoft.KeyVault/vaults';
    const repositories = 'Microsoft.ContainerRegistry/registries/repositories';
    for (const text of [
      `((!(ActionMatches{'${vaults}/secrets/getSecret/action'})) OR (@Resource[${vaults}/secrets:name] StringStartsWith 'test-app'))`,
      `!(ActionMatches{'${vaults}/secrets/setSecret/action'}) OR @Request[${vaults}/secrets:name] StringEndsWith '-prod'`,
      `@Resource[${vaults}:name] StringNotContains 'prod' AND @Resource[${vaults}:name] StringNotEndsWith '-x'`,
      `((!(ActionMatches{'${repositories}/content/read'}) AND !(ActionMatches{'${repositories}/metadata/read'})) OR (@Request[${repositories}:name] StringEqualsIgnoreCase 'nginx'))`,
    ]) {
      accept(text);
    }
  });

  it('holds values on both sides', () => {
    accept("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}");
    accept('{10, -20} ForAnyOfAllValues:NumericLessThan {15, 18}');
  });

  it('needs parentheses where AND and OR meet', () => {
    const mixed = `${uid} NumericEquals 1 AND ${uid} NumericEquals 2 OR ${uid} NumericEquals 3`;
    const { position, flaw } = refuse(mixed);
    assert.equal(position, mixed.indexOf('OR') + 1);
    assert.match(flaw, /parentheses must say which goes first/);
    accept(`(${uid} NumericEquals 1 AND ${uid} NumericEquals 2) OR ${uid} NumericEquals 3`);
  });
});

describe('what is no condition', () => {
  it('is refused with the position, and what would be right', () => {
    const cases: readonly (readonly [text: string, position: number, flaw: RegExp])[] = [
      ['', 1, /an attribute or a value is expected, not the end/],
      ['true', 5, /an operator such as StringEquals is expected, not the end/],
      [`(${write}`, write.length + 2, /AND, OR or '\)' is expected, not the end/],
      [`${write})`, write.length + 1, /AND, OR or the end of the condition is expected, not '\)'/],
      ["ActionMatches('a/read')", 14, /'\{' and a text in quotes is expected, not '\('/],
      ["ActionMatches{''}", 15, /a text in quotes is expected/],
      ["Now{'x'}", 1, /no function 'Now'; there are ActionMatches, SubOperationMatches and Exists/],
      [`!(IsMember(${uid}))`, 3, /no function 'IsMember'/],
      [`${type} StringEndsWithIgnoreCase 'l'`, type.length + 2, /no operator 'StringEndsWithIgnoreCase'/],
      [`${type} ForAnyOfAnyValues:StringContains {'S'}`, type.length + 2, /cannot stand behind ForAnyOfAnyValues/],
      ["@Request[Microsoft.KeyVault/vaults:name] StringEquals 'a'", 1, /no attribute @Request\[Microsoft.KeyVault/],
      [`${uid} NumericEquals`, uid.length + 15, /is expected, not the end/],
      [`${uid} NumericEquals {}`, uid.length + 17, /is expected, not '\}'/],
      [`${uid} NumericEquals {1, }`, uid.length + 20, /is expected, not '\}'/],
      [`${uid} NumericEquals 'one'`, uid.length + 16, /cannot compare the value 'one': it compares integers/],
      [`${uid} NumericEquals 1.5`, uid.length + 16, /is expected, not '1\.5'/],
      [`${uid} NumericEquals 99999999999999999999`, uid.length + 16, /is expected/],
      [`${uid} NumericEquals {1, 2}`, uid.length + 16, /several need ForAnyOfAnyValues:NumericEquals/],
      [`${uid} StringEquals 'a'`, uid.length + 2, /StringEquals cannot compare @Principal\[Postern\/actor:uid\]/],
      [`${uid} NumberEquals 1`, uid.length + 2, /no operator 'NumberEquals'; there are BoolEquals, .*StringStartsWith/],
      [`${uid} ForSome:NumericEquals 1`, uid.length + 2, /no operator 'ForSome:NumericEquals'/],
      [`${type} ForAnyOfAnyValues:StringStartsWith {'S'}`, type.length + 2, /cannot stand behind ForAnyOfAnyValues/],
      [`${type} StringLike ${type}`, type.length + 13, /the pattern of StringLike must be a text/],
      [`${type} StringEquals 'open`, type.length + 15, /text that begins with ' does not end/],
      [`${roleId} GuidEquals 'x'`, roleId.length + 13, /it compares GUIDs/],
      ["@Environment[UtcNow] DateTimeGreaterThan '2022-02-30T00:00:00Z'", 42, /it compares times such as/],
      ['@Subject[a:b] StringEquals 1', 1, /'@Subject' is no source of attributes; it must be one of @Environment/],
      ['@Request[Microsoft.ServiceBus/queues:Name] StringEquals 1', 1, /no attribute @Request\[Microsoft.ServiceBus/],
      ['@Request[UtcNow] DateTimeEquals 1', 1, /those of this source are @Request\[Microsoft\.Authorization/],
      [`${write} & ${write}`, write.length + 2, /'&' is not expected/],
      ['@Request[', 1, /an attribute must be like @Request/],
      ['\u{1f600}', 1, /'\u{1f600}' is not expected/u],
      ['\ud800', 1, /is not expected/],
      ['\u00a0', 1, /is not expected/],
    ];
    for (const [text, position, flaw] of cases) {
      const refused = refuse(text);
      assert.match(refused.flaw, flaw, text);
      assert.equal(refused.position, position, text);
    }
  });

  it('may be hostile: too long, nested too deep, open or closed ten thousand times', () => {
    assert.match(refuse(`${repeat('(', 10_000)}`).flaw, /10000 characters; at most 8192/);
    assert.match(refuse(repeat('(', maxConditionLength)).flaw, /nested deeper than 64/);
    assert.match(refuse(repeat('!', maxConditionLength)).flaw, /nested deeper than 64/);
    assert.match(refuse(`${repeat('NOT ', 2000)}${write}`).flaw, /nested deeper than 64/);
    refuse(repeat(')', maxConditionLength));
    refuse(repeat('{', maxConditionLength));
    refuse(repeat("'", maxConditionLength));
    refuse(repeat('\\', maxConditionLength));
    refuse(`'${repeat('\\', maxConditionLength - 1)}`);
    refuse(repeat('@', maxConditionLength));
    refuse(`@Request[${repeat('a', maxConditionLength - 10)}]`);
  });

  it('is anything nested deeper than the bound, and nothing at it', () => {
    const nested = (depth: number) => `${repeat('(', depth)}${write}${repeat(')', depth)}`;
    accept(nested(maxConditionDepth - 1));
    refuse(nested(maxConditionDepth));
  });

  it('is told in milliseconds, however it is made', () => {
    const started = performance.now();
    const values = Array.from({ length: 1500 }, (_, at) => at % 10).join(',');
    accept(`${uid} ForAnyOfAnyValues:NumericEquals {${values}}`);
    accept(Array.from({ length: 50 }, () => `(${write})`).join(' OR '));
    for (const text of [repeat('(', 8192), repeat('a', 8192), repeat('{1,', 2700), repeat(' ', 8192)]) refuse(text);
    assert.ok(performance.now() - started < 1000);
  });
});
