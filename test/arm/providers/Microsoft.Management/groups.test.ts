import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/core/json.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { type Governed, openGoverned } from './governed.ts';

let tenant: Governed;
const idOf = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;
const one = (name: string, rest = '') => `${idOf(name)}${rest}`;

beforeEach(async () => {
  tenant = await openGoverned();
});
afterEach(() => tenant.close());

const create = (name: string, parent?: string, token?: string) =>
  tenant.ask('PUT', one(name), {
    ...(token === undefined ? {} : { token }),
    body: { name, properties: { details: { parent: parent === undefined ? {} : { id: idOf(parent) } } } },
  });
const show = (name: string, query = '') => tenant.ask('GET', one(name, query));
const codeOf = ({ json }: { readonly json: JsonObject }) => (json['error'] as JsonObject | undefined)?.['code'];
const propertiesOf = ({ json }: { readonly json: JsonObject }) => json['properties'] as JsonObject;
const parentOf = async (name: string) =>
  ((propertiesOf(await show(name))['details'] as JsonObject)['parent'] as JsonObject)['name'];

describe('a management group', () => {
  it('is accepted with 202, and made: the operation ends with it, the caller owns it', async () => {
    const told = await create('mg1');
    const accepted = {
      id: idOf('mg1'),
      type: 'Microsoft.Management/managementGroups',
      name: 'mg1',
      status: 'NotStarted',
    };
    assert.deepEqual([told.status, told.json], [202, accepted]);
    await tenant.app.idle();
    const status = await tenant.follow(told.headers.get('azure-asyncoperation') ?? '');
    assert.equal(status.json['status'], 'Succeeded');
    assert.equal((status.json['properties'] as JsonObject)['displayName'], 'mg1');
    const result = await tenant.follow(told.headers.get('location') ?? '');
    assert.deepEqual([result.status, result.json['name']], [200, 'mg1']);
    const { details, ...rest } = propertiesOf(await show('MG1')) as { readonly details: JsonObject };
    assert.deepEqual(rest, { tenantId: tenant.tenantId, displayName: 'mg1' });
    assert.deepEqual(details['parent'], {
      id: idOf(tenant.tenantId),
      name: tenant.tenantId,
      displayName: 'Tenant Root Group',
    });
    assert.equal(details['updatedBy'], 'admin');
    assert.ok(tenant.decide('admin', 'Microsoft.Authorization/roleAssignments/write', idOf('mg1')));
  });
  it('is changed by PUT and PATCH, which leave what they do not name', async () => {
    await create('mg1');
    await create('mg2', 'mg1');
    const put = await tenant.ask('PUT', one('mg2'), { body: { properties: { displayName: 'Two' } } });
    assert.deepEqual([put.status, propertiesOf(put)['displayName'], await parentOf('mg2')], [200, 'Two', 'mg1']);
    const patched = await tenant.ask('PATCH', one('mg2'), { body: { parentGroupId: idOf(tenant.tenantId) } });
    assert.deepEqual([patched.status, propertiesOf(patched)['displayName']], [200, 'Two']);
    assert.equal(await parentOf('mg2'), tenant.tenantId);
  });
  it('is shown with its children, path and ancestors as asked', async () => {
    await create('a');
    await create('b', 'a');
    await create('c', 'b');
    await tenant.ask('PUT', one('b', `/subscriptions/${tenant.subscriptionId}`));
    const direct = propertiesOf(await show('a', '?$expand=children'))['children'] as JsonObject[];
    assert.deepEqual(direct, [
      { type: 'Microsoft.Management/managementGroups', id: idOf('b'), name: 'b', displayName: 'b' },
    ]);
    const deep = JSON.stringify(propertiesOf(await show('a', '?$expand=children&$recurse=true'))['children']);
    assert.match(deep, /"name":"c"/);
    assert.match(deep, new RegExp(`"type":"/subscriptions","id":"/subscriptions/${tenant.subscriptionId}"`));
    const groups = JSON.stringify(
      propertiesOf(await show('a', '?$expand=children&$recurse=true&$filter=children.childType ne Subscription')),
    );
    assert.doesNotMatch(groups, /\/subscriptions/);
    const details = propertiesOf(await show('c', '?$expand=path,ancestors'))['details'] as JsonObject;
    assert.deepEqual(
      (details['path'] as JsonObject[]).map(({ name }) => name),
      [tenant.tenantId, 'a', 'b', 'c'],
    );
    assert.deepEqual(details['managementGroupAncestors'], ['b', 'a', tenant.tenantId]);
    assert.equal(codeOf(await show('a', '?$expand=colour')), 'BadRequest');
    assert.equal(codeOf(await show('a', '?$recurse=true')), 'BadRequest');
  });
  it('is listed to those who may read it, and to nobody else', async () => {
    await create('mine');
    await create('theirs', undefined, 'other');
    const names = async (token: string) =>
      ((await tenant.ask('GET', idOf('').slice(0, -1), { token })).json['value'] as JsonObject[]).map(
        (each) => each['name'],
      );
    assert.deepEqual(await names('admin'), ['mine']);
    assert.deepEqual(await names('other'), ['theirs']);
    assert.deepEqual(await names('machine'), []);
    assert.equal((await show('theirs')).status, 403);
  });
  it('goes with 202, its assignments too; what is not there is 204', async () => {
    await create('mg1');
    const told = await tenant.ask('DELETE', one('mg1'));
    assert.deepEqual([told.status, told.json['status']], [202, 'NotStarted']);
    await tenant.app.idle();
    assert.equal((await tenant.follow(told.headers.get('azure-asyncoperation') ?? '')).json['status'], 'Succeeded');
    assert.deepEqual(await tenant.store.list(documentKey(idOf('mg1'))), []);
    assert.equal((await tenant.ask('DELETE', one('mg1'), { token: 'root' })).status, 204);
    assert.equal((await tenant.ask('GET', one('mg1'), { token: 'root' })).status, 404);
    assert.equal((await show('mg1')).status, 403, 'who has no role there is not told');
  });
  it('with children, of either kind, stays', async () => {
    await create('a');
    await create('b', 'a');
    assert.equal(codeOf(await tenant.ask('DELETE', one('a'))), 'BadRequest');
    await tenant.ask('PUT', one('b', `/subscriptions/${tenant.subscriptionId}`));
    assert.equal(codeOf(await tenant.ask('DELETE', one('b'))), 'BadRequest');
    await tenant.ask('DELETE', one('b', `/subscriptions/${tenant.subscriptionId}`));
    assert.equal((await tenant.ask('DELETE', one('b'))).status, 202);
    assert.equal((await tenant.ask('DELETE', one('a'))).status, 202);
  });
  it('has at most six levels above it and below the root', async () => {
    for (const level of [1, 2, 3, 4, 5, 6]) {
      const told = await create(`level${level}`, level === 1 ? undefined : `level${level - 1}`);
      assert.equal(told.status, 202);
    }
    assert.equal(codeOf(await create('level7', 'level6')), 'BadRequest');
    await create('x');
    await create('y', 'x');
    const moved = await tenant.ask('PATCH', one('x'), { body: { parentGroupId: idOf('level5') } });
    assert.equal(codeOf(moved), 'BadRequest', 'y would be the seventh');
    assert.equal((await tenant.ask('PATCH', one('x'), { body: { parentGroupId: idOf('level4') } })).status, 200);
  });
  it('never lies below itself, whoever moves first', async () => {
    await create('a');
    await create('b', 'a');
    await create('c');
    const move = (name: string, to: string) => tenant.ask('PATCH', one(name), { body: { parentGroupId: idOf(to) } });
    assert.equal(codeOf(await move('a', 'a')), 'BadRequest');
    assert.equal(codeOf(await move('a', 'B')), 'BadRequest');
    const told = await Promise.all([move('a', 'c'), move('c', 'b')]);
    assert.deepEqual(told.map(({ status }) => status).toSorted(), [200, 400]);
  });
  it('has a parent that exists', async () => {
    assert.deepEqual(
      [(await create('x', 'none')).status, codeOf(await create('x', 'none'))],
      [403, 'LinkedAuthorizationFailed'],
    );
    const told = await tenant.ask('PUT', one('x'), {
      token: 'root',
      body: { properties: { details: { parent: { id: idOf('none') } } } },
    });
    assert.deepEqual([told.status, codeOf(told)], [404, 'NotFound']);
  });
  const wrong: readonly (readonly [string, string, JsonObject])[] = [
    ['a name that begins with a dash', '-x', {}],
    ['a name with a blank', 'a%20b', {}],
    ['a name that ends with a period', 'a.', {}],
    ['a name of 91 characters', 'x'.repeat(91), {}],
    ['another name in its body', 'x', { name: 'y' }],
    ['a display name of 91 characters', 'x', { properties: { displayName: 'x'.repeat(91) } }],
    ['a display name that is a number', 'x', { properties: { displayName: 1 } }],
    ['a subscription for a parent', 'x', { properties: { details: { parent: { id: '/subscriptions/s' } } } }],
    [
      'what lies in a group for a parent',
      'x',
      { properties: { details: { parent: { id: one('a', '/settings/b') } } } },
    ],
  ];
  for (const [what, name, body] of wrong) {
    it(`with ${what} is refused`, async () => {
      const told = await tenant.ask('PUT', one(name), { body });
      assert.deepEqual([told.status, codeOf(told)], [400, 'BadRequest']);
    });
  }
  it('at the root neither moves nor goes', async () => {
    await create('a', undefined, 'root');
    const root = { token: 'root' };
    const moved = await tenant.ask('PATCH', one(tenant.tenantId), { ...root, body: { parentGroupId: idOf('a') } });
    assert.equal(codeOf(moved), 'BadRequest');
    assert.equal(codeOf(await tenant.ask('DELETE', one(tenant.tenantId), root)), 'BadRequest');
    const named = await tenant.ask('PATCH', one(tenant.tenantId), { ...root, body: { displayName: 'Top' } });
    assert.deepEqual([named.status, propertiesOf(named)['displayName']], [200, 'Top']);
  });
});

describe('who may make a management group', () => {
  it('is every user and application of the tenant, below the root; a managed identity needs the permission', async () => {
    assert.equal((await create('a', undefined, 'other')).status, 202);
    assert.equal(codeOf(await create('b', undefined, 'machine')), 'AuthorizationFailed');
    assert.equal((await create('b', undefined, 'root')).status, 202);
  });
  it('below another group is who may write that one', async () => {
    await create('a');
    assert.equal(codeOf(await create('b', 'a', 'other')), 'LinkedAuthorizationFailed');
    assert.equal((await create('b', 'a')).status, 202);
  });
  it('of an existing one is who may write it', async () => {
    await create('a');
    assert.equal(codeOf(await create('a', undefined, 'other')), 'AuthorizationFailed');
  });
  it('is who may write the root, when the settings say so', async () => {
    const settings = one(tenant.tenantId, '/settings/default');
    const body = { properties: { requireAuthorizationForGroupCreation: true } };
    assert.equal((await tenant.ask('PUT', settings, { body })).status, 403);
    assert.equal((await tenant.ask('PUT', settings, { token: 'root', body })).status, 200);
    assert.equal(codeOf(await create('a')), 'AuthorizationFailed');
    assert.equal((await create('a', undefined, 'root')).status, 202);
    assert.equal((await tenant.ask('DELETE', settings, { token: 'root' })).status, 200);
    assert.equal((await create('b')).status, 202);
  });
});

describe('hierarchy settings', () => {
  const settings = () => one(tenant.tenantId, '/settings/default');
  it('say in which group new ones lie, which then cannot go', async () => {
    await create('landing', undefined, 'root');
    const body = { properties: { defaultManagementGroup: idOf('Landing') } };
    const told = await tenant.ask('PATCH', settings(), { token: 'root', body });
    assert.equal(propertiesOf(told)['defaultManagementGroup'], idOf('landing'));
    await create('a');
    assert.equal(await parentOf('a'), 'landing');
    await tenant.ask('DELETE', one('a'));
    assert.equal(codeOf(await tenant.ask('DELETE', one('landing'), { token: 'root' })), 'BadRequest');
    const list = await tenant.ask('GET', one(tenant.tenantId, '/settings'), { token: 'root' });
    assert.equal((list.json['value'] as JsonObject[]).length, 1);
  });
  it('are those of the root alone, and of groups that exist', async () => {
    await create('a');
    assert.equal(codeOf(await tenant.ask('GET', one('a', '/settings/default'))), 'BadRequest');
    const body = { properties: { defaultManagementGroup: idOf('none') } };
    assert.equal((await tenant.ask('PUT', settings(), { token: 'root', body })).status, 404);
    const wrong = { properties: { requireAuthorizationForGroupCreation: 'yes' } };
    assert.equal(codeOf(await tenant.ask('PUT', settings(), { token: 'root', body: wrong })), 'BadRequest');
  });
});

describe('what lies in the hierarchy', () => {
  it('is listed as descendants, page by page', async () => {
    await create('a');
    await create('b', 'a');
    await create('c', 'b');
    await tenant.ask('PUT', one('c', `/subscriptions/${tenant.subscriptionId}`));
    const all = (await tenant.ask('GET', one('a', '/descendants'))).json['value'] as JsonObject[];
    assert.deepEqual(
      all.map(({ name, properties }) => [name, ((properties as JsonObject)['parent'] as JsonObject)['id']]),
      [
        ['b', idOf('a')],
        ['c', idOf('b')],
        [tenant.subscriptionId, idOf('c')],
      ],
    );
    const page = await tenant.ask('GET', one('a', '/descendants?$top=2'));
    assert.equal((page.json['value'] as JsonObject[]).length, 2);
    const rest = await tenant.follow(String(page.json['nextLink']));
    assert.equal((rest.json['value'] as JsonObject[]).length, 1);
  });
  it('is listed as entities: what the caller has access to, and the groups above it', async () => {
    await create('a', undefined, 'root');
    await create('theirs', undefined, 'root');
    await tenant.ask('PUT', one('a', `/subscriptions/${tenant.subscriptionId}`), { token: 'root' });
    const told = await tenant.ask('POST', '/providers/Microsoft.Management/getEntities');
    const entities = told.json['value'] as JsonObject[];
    const access = new Map(entities.map((each) => [each['name'], (each['properties'] as JsonObject)['permissions']]));
    assert.deepEqual([...access].toSorted(), [
      [tenant.tenantId, 'noaccess'],
      [tenant.subscriptionId, 'delete'],
      ['a', 'noaccess'],
    ]);
    assert.equal(told.json['count'], 3);
    const groups = await tenant.ask('POST', '/providers/Microsoft.Management/getEntities?$view=GroupsOnly');
    assert.equal((groups.json['value'] as JsonObject[]).length, 2);
    const search = '?$search=ChildrenOnly&groupName=a';
    const children = await tenant.ask('POST', `/providers/Microsoft.Management/getEntities${search}`);
    assert.deepEqual((children.json['value'] as JsonObject[])[0]?.['name'], tenant.subscriptionId);
    const wrong = await tenant.ask('POST', '/providers/Microsoft.Management/getEntities?$view=Sideways');
    assert.equal(codeOf(wrong), 'BadRequest');
  });
  it('has a name that is free, taken or wrong', async () => {
    await create('taken');
    const ask = async (name: unknown) =>
      (await tenant.ask('POST', '/providers/Microsoft.Management/checkNameAvailability', { body: { name } })).json;
    assert.deepEqual(await ask('free'), { nameAvailable: true });
    assert.equal((await ask('TAKEN'))['reason'], 'AlreadyExists');
    assert.equal((await ask('a b'))['reason'], 'Invalid');
    assert.equal(codeOf({ json: await ask(7) }), 'BadRequest');
  });
});
