import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { openAuthorizer } from '../../../src/arm/authorize/open-authorizer.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import { openDirectory } from '../../../src/directory/directory.ts';
import { idsOf, messageOf, openedGraph } from './opened.ts';

const graph = await openedGraph();
after(graph.close);
const { ask, directory, store, caller } = graph;

const reference = (id: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });
const url = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;
const make = async (displayName: string) => {
  const body = { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true };
  return String((await ask('POST', '/groups', body)).body['id']);
};
const add = (group: string, member: string) => ask('POST', `/groups/${group}/members/$ref`, reference(member));
const remove = (group: string, member: string) => ask('DELETE', `/groups/${group}/members/${member}/$ref`);
const identity = async (name: string) => {
  const { principal, writes } = directory.planManagedIdentity({
    resourceId: `/x/${name}`,
    displayName: name,
    isExplicit: true,
  });
  await store.transact(writes);
  return principal.objectId;
};

describe('a group', () => {
  it('is made, found as az does, changed and deleted, and comes back with its members', async () => {
    const group = await make('operators');
    const filter = encodeURIComponent("displayName eq 'operators' and mailNickname eq 'operators'");
    assert.deepEqual(idsOf(await ask('GET', `/groups?$filter=${filter}`)), [group]);
    assert.equal((await ask('PATCH', `/groups/${group}`, { description: 'who operate' })).status, 204);
    assert.equal((await ask('GET', `/groups/${group}`)).body['description'], 'who operate');
    assert.equal(directory.principalType(group), 'Group');
    await add(group, caller.objectId);
    assert.equal((await ask('DELETE', `/groups/${group}`)).status, 204);
    assert.deepEqual(directory.groupsOf(caller.objectId), []);
    assert.equal((await ask('POST', `/directory/deletedItems/${group}/restore`)).status, 200);
    assert.deepEqual(directory.groupsOf(caller.objectId), [group]);
    await remove(group, caller.objectId);
  });

  it('is refused what it cannot be', async () => {
    const good = { displayName: 'g', mailNickname: 'g', mailEnabled: false, securityEnabled: true };
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ ...good, displayName: undefined }, /'displayName'/],
      [{ ...good, mailEnabled: undefined }, /'mailEnabled'/],
      [{ ...good, mailEnabled: true }, /security groups only/],
      [{ ...good, groupTypes: ['DynamicMembership'] }, /assigned one by one/],
      [{ ...good, mailNickname: 'a b' }, /'mailNickname'/],
      [{ ...good, size: 3 }, /Invalid property 'size'/],
      [{ ...good, displayName: 'x'.repeat(257) }, /at most 256/],
      [{ ...good, mailNickname: 'x'.repeat(65) }, /at most 64/],
      [{ ...good, description: 'x'.repeat(1025) }, /'description'/],
      [{ ...good, visibility: 'Nobody' }, /'visibility'/],
      [{ ...good, 'members@odata.bind': 'x' }, /must be a list/],
      [{ ...good, 'members@odata.bind': ['x'] }, /'@odata.id'/],
      [{ ...good, 'members@odata.bind': [url(caller.objectId), url(caller.objectId)] }, /duplicate values/],
      [{ ...good, 'members@odata.bind': Array(21).fill(url(caller.objectId)) }, /at most 20/],
      [{ ...good, 'owners@odata.bind': [url('11111111-2222-4333-a444-555555555555')] }, /does not exist/],
    ];
    for (const [body, message] of cases) assert.match(messageOf(await ask('POST', '/groups', body)), message);
  });

  it('has members, each once: principals and groups, itself too, but not applications', async () => {
    const group = await make('members');
    const member = await identity('member');
    assert.equal((await add(group, member)).status, 204);
    assert.match(messageOf(await add(group, member)), /added object references already exist .* 'members'/);
    assert.equal((await add(group, group)).status, 204);
    assert.deepEqual(directory.groupsOf(group), [], 'it is not counted among the groups that it is in');
    assert.equal((await remove(group, group)).status, 204);
    assert.equal((await add(group, '11111111-2222-4333-a444-555555555555')).status, 404);
    const application = directory.applications.byAlias(caller.appId)?.objectId ?? '';
    assert.match(messageOf(await add(group, application)), /add its service principal/);
    assert.match(messageOf(await ask('POST', `/groups/${group}/members/$ref`, {})), /'@odata.id'/);
    assert.deepEqual(idsOf(await ask('GET', `/groups/${group}/members`)), [member]);
    assert.equal((await remove(group, member)).status, 204);
    assert.equal((await remove(group, member)).status, 404);
  });

  it('may be nested, even in a ring, which has an end', async () => {
    const [outer, middle, inner] = [await make('outer'), await make('middle'), await make('inner')];
    const member = await identity('nested');
    await add(outer, middle);
    await add(middle, inner);
    await add(inner, outer);
    await add(inner, member);
    assert.deepEqual([...directory.groupsOf(member)].toSorted(), [outer, middle, inner].toSorted());
    assert.deepEqual(idsOf(await ask('GET', `/directoryObjects/${member}/memberOf`)), [inner]);
    assert.ok(idsOf(await ask('GET', `/groups/${outer}/transitiveMembers`)).includes(member));
    const checked = await ask('POST', `/directoryObjects/${member}/checkMemberGroups`, { groupIds: [outer, member] });
    assert.deepEqual(checked.body['value'], [outer]);
    const got = await ask('POST', `/groups/${inner}/getMemberGroups`, { securityEnabledOnly: false });
    const objects = await ask('POST', `/groups/${inner}/getMemberObjects`, { securityEnabledOnly: false });
    assert.deepEqual(objects.body['value'], got.body['value']);
    assert.deepEqual([...(got.body['value'] as string[])].toSorted(), [outer, middle].toSorted());
  });

  it('is made with the members and owners that are bound to it', async () => {
    const [first, second] = [await identity('first'), await identity('second')];
    const body = { displayName: 'bound', mailNickname: 'bound', mailEnabled: false, securityEnabled: true };
    const bound = { 'members@odata.bind': [url(first)], 'owners@odata.bind': [url(caller.objectId)] };
    const group = String((await ask('POST', '/groups', { ...body, ...bound })).body['id']);
    assert.deepEqual(idsOf(await ask('GET', `/groups/${group}/members`)), [first]);
    assert.deepEqual(idsOf(await ask('GET', `/groups/${group}/owners`)), [caller.objectId]);
    assert.equal((await ask('PATCH', `/groups/${group}`, { 'members@odata.bind': [url(second)] })).status, 204);
    const again = await ask('PATCH', `/groups/${group}`, { 'members@odata.bind': [url(second)] });
    assert.match(messageOf(again), /references already exist/);
    assert.equal(idsOf(await ask('GET', `/groups/${group}/members`)).length, 2);
  });

  it('loses a member whose identity is deleted with its machine', async () => {
    const [group, member] = [await make('survivors'), await identity('mortal')];
    await add(group, member);
    await store.transact(directory.planDeletion(member));
    assert.deepEqual(idsOf(await ask('GET', `/groups/${group}/members`)), []);
    assert.deepEqual(directory.groupsOf(member), []);
  });

  it('has its members, however deep, when the directory is opened again', async () => {
    const chain = [await identity('deep')];
    for (let depth = 0; depth < 5; depth += 1) {
      const group = await make(`depth ${depth}`.replace(' ', '-'));
      await add(group, chain.at(-1) ?? '');
      chain.push(group);
    }
    const again = await openDirectory({ ...graph });
    assert.deepEqual(again.groupsOf(chain[0] ?? ''), chain.slice(1));
    assert.equal(again.groups.get(chain[1] ?? '')?.displayName, 'depth-0');
  });
});

describe('who may write the groups', () => {
  it('has the permission for what it does', async () => {
    const maker = await openedGraph(['Group.Create', 'Group.Read.All']);
    const body = { displayName: 'g', mailNickname: 'g', mailEnabled: false, securityEnabled: true };
    const made = await maker.ask('POST', '/groups', body);
    assert.equal(made.status, 201);
    assert.equal((await maker.ask('PATCH', `/groups/${made.body['id']}`, { description: 'x' })).status, 403);
    assert.equal((await maker.ask('DELETE', `/groups/${made.body['id']}`)).status, 403);
    assert.equal((await maker.ask('GET', '/applications')).status, 403);
    assert.equal((await maker.ask('POST', `/directory/deletedItems/${made.body['id']}/restore`)).status, 403);
    await maker.close();
  });
});

describe('the owners of a group', () => {
  it('are told apart from its members', async () => {
    const group = await make('owned');
    assert.equal((await ask('POST', `/groups/${group}/owners/$ref`, reference(caller.objectId))).status, 204);
    assert.match(messageOf(await ask('POST', `/groups/${group}/owners/$ref`, reference(caller.objectId))), /'owners'/);
    assert.deepEqual(idsOf(await ask('GET', `/groups/${group}/owners`)), [caller.objectId]);
    assert.equal((await ask('DELETE', `/groups/${group}/owners/${caller.objectId}/$ref`)).status, 204);
  });
});

describe('a role assignment to a group', () => {
  it('holds for its members at any depth, from when they are in it until they are out', async () => {
    const reader = {
      id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
      roleName: 'Reader',
      type: 'BuiltInRole',
      description: '',
      assignableScopes: ['/'],
      permissions: [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }],
    } as const;
    const authorizer = await openAuthorizer({
      store,
      directory,
      roles: [reader],
      hierarchy: { ancestorsOf: () => [] },
    });
    const scope = '/subscriptions/6c4b7c0e-0000-4000-a000-000000000001';
    const [outer, inner, member] = [await make('a'), await make('b'), await identity('assigned')];
    const name = '6c4b7c0e-0000-4000-a000-0000000000aa';
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${reader.id}`;
    const properties = { roleDefinitionId, principalId: outer, principalType: 'Group', scope };
    await store.transact([{ put: documentKey(id), body: { id, name, properties } }]);
    const reads = () =>
      authorizer.decide({ principalId: member, action: 'Microsoft.Compute/virtualMachines/read', scope }).allowed;
    assert.equal(reads(), false);
    await add(outer, inner);
    assert.equal(reads(), false);
    await add(inner, member);
    assert.equal(reads(), true);
    await remove(outer, inner);
    assert.equal(reads(), false);
    authorizer.close();
  });
});
