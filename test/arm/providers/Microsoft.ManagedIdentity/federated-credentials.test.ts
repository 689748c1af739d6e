import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { at, type Cloud, codeOf, identityId, openCloud } from '../Microsoft.Compute/cloud.ts';

const issuer = 'https://token.actions.githubusercontent.com';
const properties = {
  issuer,
  subject: 'repo:contoso/web:ref:refs/heads/main',
  audiences: ['api://AzureADTokenExchange'],
};
const of = (name?: string, identity = 'shared') =>
  `${identityId(identity)}/federatedIdentityCredentials${name === undefined ? '' : `/${name}`}`;

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
  await cloud.ask('PUT', identityId('shared'), { body: { location: 'eastus' } });
});
afterEach(() => cloud.close());

const put = (name: string, more: object = {}, identity = 'shared') =>
  cloud.ask('PUT', of(name, identity), { body: { properties: { ...properties, ...more } } });
const names = async (query = '') => {
  const page = (await cloud.ask('GET', `${of()}${query}`)).json;
  return (page['value'] as readonly { name: string }[]).map(({ name }) => name);
};

describe('PUT federatedIdentityCredentials', () => {
  it('makes one, 201, which reads back as it was answered and is the principal’s', async () => {
    const made = await put('github');
    assert.equal(made.status, 201);
    assert.deepEqual(made.json, {
      id: of('github'),
      name: 'github',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
      properties,
    });
    assert.deepEqual((await cloud.ask('GET', of('GitHub'))).json, made.json);
    const identity = (await cloud.ask('GET', identityId('shared'))).json;
    const principalId = String(at(identity, 'properties', 'principalId'));
    const [kept] = cloud.directory.federatedCredentialsOf(principalId);
    assert.deepEqual([kept?.name, kept?.subject], ['github', properties.subject]);
  });

  it('replaces one, 200, in any letter case of its name', async () => {
    await put('github');
    const again = await put('GITHUB', { subject: 'other' });
    assert.deepEqual(
      [again.status, at(again.json, 'name'), at(again.json, 'properties', 'subject')],
      [200, 'github', 'other'],
    );
    assert.deepEqual(await names(), ['github']);
  });

  const faults: readonly (readonly [string, string, object, number, string])[] = [
    ['two audiences', 'github', { audiences: ['a', 'b'] }, 400, 'InvalidFederatedIdentityCredentialsAudienceLength'],
    ['no subject', 'github', { subject: undefined }, 400, 'BadRequest'],
    ['an issuer over http', 'github', { issuer: 'http://issuer.example' }, 400, 'BadRequest'],
    ['a subject of 601 characters', 'github', { subject: 's'.repeat(601) }, 400, 'BadRequest'],
    [
      'a claims matching expression',
      'github',
      { claimsMatchingExpression: { value: 'x', languageVersion: 1 } },
      400,
      'BadRequest',
    ],
    ['a name of two characters', 'gh', {}, 400, 'InvalidResourceName'],
  ];
  for (const [title, name, more, status, code] of faults) {
    it(`refuses ${title}: ${code}`, async () => {
      const refused = await put(name, more);
      assert.deepEqual([refused.status, codeOf(refused)], [status, code]);
      assert.deepEqual(await names(), []);
    });
  }

  it('refuses an issuer and subject that another has, and takes them on another identity', async () => {
    await put('github');
    const refused = await put('again');
    assert.deepEqual([refused.status, codeOf(refused)], [409, 'Conflict']);
    await cloud.ask('PUT', identityId('other'), { body: { location: 'eastus' } });
    assert.equal((await put('again', {}, 'other')).status, 201);
  });

  it('takes twenty and refuses the next', async () => {
    for (let number = 1; number <= 20; number++) {
      assert.equal((await put(`one-${number}`, { subject: `s${number}` })).status, 201);
    }
    assert.equal(codeOf(await put('one-21', { subject: 's21' })), 'BadRequest');
    assert.equal((await put('one-20', { subject: 'changed' })).status, 200);
  });

  it('refuses all but one of several at the same time', async () => {
    const answers = await Promise.all([1, 2, 3].map((number) => put(`one-${number}`, { subject: `s${number}` })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    assert.equal(refused && codeOf(refused), 'ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity');
    assert.equal((await names()).length, 1);
  });

  it('refuses one of an identity that does not exist', async () => {
    assert.equal(codeOf(await put('github', {}, 'nobody')), 'ParentResourceNotFound');
  });
});

describe('GET and DELETE federatedIdentityCredentials', () => {
  it('lists them a page at a time', async () => {
    for (const name of ['three', 'one', 'two']) await put(name, { subject: name });
    assert.deepEqual(await names(), ['one', 'three', 'two']);
    const first = (await cloud.ask('GET', `${of()}?$top=2`)).json;
    assert.equal((first['value'] as unknown[]).length, 2);
    const token = new URL(String(first['nextLink'])).searchParams.get('$skiptoken') ?? '';
    assert.deepEqual(await names(`?$top=2&$skiptoken=${encodeURIComponent(token)}`), ['two']);
  });

  it('deletes one: 200, then 204; reading it is NotFound', async () => {
    await put('github');
    assert.equal((await cloud.ask('DELETE', of('github'))).status, 200);
    assert.equal((await cloud.ask('DELETE', of('github'))).status, 204);
    const missing = await cloud.ask('GET', of('github'));
    assert.deepEqual([missing.status, codeOf(missing)], [404, 'NotFound']);
  });

  it('has none left of an identity that was deleted and made again', async () => {
    await put('github');
    await cloud.ask('DELETE', identityId('shared'));
    await cloud.ask('PUT', identityId('shared'), { body: { location: 'eastus' } });
    assert.deepEqual(await names(), []);
  });

  for (const [version, status] of [
    ['2022-01-31-preview', 200],
    ['2023-01-31', 200],
    ['2024-11-30', 200],
    ['2025-01-31-preview', 200],
    ['2018-11-30', 400],
  ] as const) {
    it(`is there in ${version}: ${status === 200 ? 'yes' : 'no'}`, async () => {
      const { status: answered } = await cloud.ask('GET', `${of()}?api-version=${version}`);
      if (status === 200) assert.equal(answered, 200);
      else assert.notEqual(answered, 200);
    });
  }
});
