import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isJsonObject, type JsonObject } from '../../../../src/core/json.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { askDoor, subscription } from '../../kit/door.ts';
import { errorOf, propertiesOf, storage, storageId, templateOf } from '../deployments/deploying.ts';
import { group, managedBy, namesOf, nobody, openStacking, type StackingDoor, stackId, stackOf } from './stacking.ts';

let door: StackingDoor;
beforeEach(async () => {
  door = await openStacking();
});
afterEach(() => door.close());

const stateOf = (told: Awaited<ReturnType<StackingDoor['ask']>>) => propertiesOf(told)['provisioningState'];
const isThere = async (name: string) => (await door.ask('GET', storageId(name))).status === 200;

describe('a stack', () => {
  it('is accepted with 201, polled, and shows what it manages', async () => {
    const body = stackOf([storage('a')], 'none', { description: 'mine' });
    const begun = await door.ask('PUT', stackId('s'), { body: { ...body, tags: { of: 'me' } } });
    assert.equal(begun.status, 201);
    assert.equal(stateOf(begun), 'initializing');
    assert.ok(begun.headers.get('azure-asyncoperation'));
    const busy = await door.ask('PUT', stackId('s'), { body });
    assert.deepEqual([busy.status, errorOf(busy).code], [409, 'DeploymentStackInNonTerminalState']);
    assert.equal((await door.ask('DELETE', stackId('s'))).status, 409);
    await door.app.idle();
    const shown = await door.ask('GET', stackId('s'));
    const { deploymentId, duration: _, correlationId: _c, systemData: _s, ...properties } = propertiesOf(shown);
    assert.match(String(deploymentId), /\/deployments\/s-2611231200[0-9a-f]{5}$/);
    assert.equal((await door.ask('GET', String(deploymentId))).status, 200);
    assert.deepEqual(properties, {
      actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete', managementGroups: 'detach' },
      denySettings: { mode: 'none', applyToChildScopes: false },
      description: 'mine',
      parameters: {},
      resources: [{ id: storageId('a'), status: 'managed', denyStatus: 'none' }],
      deletedResources: [],
      detachedResources: [],
      failedResources: [],
      outputs: {},
      provisioningState: 'succeeded',
    });
    assert.deepEqual(shown.json['tags'], { of: 'me' });
    assert.equal((await door.settle('PUT', stackId('s'), { body })).status, 200, 'again');
    const listed = await door.ask('GET', `${group}/providers/Microsoft.Resources/deploymentStacks`);
    assert.equal((listed.json['value'] as readonly unknown[]).length, 1);
    assert.equal((await door.ask('GET', stackId('s1'))).status, 404);
  });

  it('keeps no value of a secure parameter', async () => {
    const template = templateOf({ parameters: { key: { type: 'securestring' } }, resources: [storage('a')] });
    const parameters = { key: { value: 'hush-hush-7' } };
    const made = await door.stack('s', stackOf([], 'none', { template, parameters }));
    assert.equal(stateOf(made), 'succeeded');
    assert.deepEqual(propertiesOf(made)['parameters'], { key: { type: 'SecureString' } });
    const kept = await door.store.list(documentKey(''));
    assert.ok(kept.length > 5);
    assert.ok(!JSON.stringify(kept).includes('hush-hush-7'));
    const exported = await door.ask('POST', `${stackId('s')}/exportTemplate`);
    assert.deepEqual(exported.json['template'], template);
  });

  it('deletes or detaches what leaves its template', async () => {
    await door.stack('s', stackOf([storage('a'), storage('b'), storage('c')]));
    const deleted = await door.stack('s', stackOf([storage('a'), storage('b')]));
    assert.deepEqual([managedBy(deleted).length, namesOf(deleted, 'deletedResources')], [2, ['c']]);
    const detaching = { actionOnUnmanage: { resources: 'detach' } };
    const detached = await door.stack('s', stackOf([storage('a')], 'denyDelete', detaching));
    assert.deepEqual([managedBy(detached).length, namesOf(detached, 'detachedResources')], [1, ['b']]);
    assert.deepEqual([await isThere('a'), await isThere('b'), await isThere('c')], [true, true, false]);
    await door.settle('DELETE', `${stackId('s')}?unmanageAction.Resources=delete`);
    assert.deepEqual([await isThere('a'), await isThere('b')], [false, true]);
    assert.equal((await door.ask('GET', stackId('s'))).status, 404);
    assert.equal((await door.ask('DELETE', stackId('s'))).status, 204);
    assert.deepEqual(await door.store.list(documentKey(stackId('s'))), []);
  });

  it('fails over what it cannot delete, keeps it, and tries again', async () => {
    await door.stack('s', stackOf([storage('a'), storage('b')]));
    const lock = `${storageId('b')}/providers/Microsoft.Authorization/locks/keep`;
    await door.ask('PUT', lock, { body: { properties: { level: 'CanNotDelete' } } });
    const failed = await door.stack('s', stackOf([storage('a')]));
    assert.equal(stateOf(failed), 'failed');
    assert.equal(propertiesOf(failed).error?.code, 'DeploymentStackDeleteResourcesFailed');
    assert.deepEqual(managedBy(failed), ['a managed denyDelete', 'b deleteFailed none']);
    assert.deepEqual(namesOf(failed, 'failedResources'), ['b']);
    const words = 'unmanageAction.Resources=delete';
    await door.settle('DELETE', `${stackId('s')}?${words}`);
    assert.deepEqual(managedBy(await door.ask('GET', stackId('s'))), ['b deleteFailed none']);
    await door.ask('DELETE', lock);
    await door.settle('DELETE', `${stackId('s')}?${words}`);
    assert.equal(await isThere('b'), false);
    assert.equal((await door.ask('GET', stackId('s'))).status, 404);
  });

  it('that fails to deploy changes no denial, deletes nothing, and remembers what was made', async () => {
    await door.stack('s', stackOf([storage('a'), storage('b')]));
    const failed = await door.stack('s', stackOf([storage('new'), storage('bad', { location: 'atlantis' })]));
    assert.equal(stateOf(failed), 'failed');
    const { error } = propertiesOf(failed);
    assert.equal(error?.code, 'DeploymentStackDeploymentFailed');
    assert.equal(error?.details?.[0]?.code, 'DeploymentFailed');
    assert.deepEqual(managedBy(failed), ['a managed denyDelete', 'b managed denyDelete', 'new managed none']);
    assert.equal((await door.denials()).length, 2);
    const mended = await door.stack('s', stackOf([storage('a')]));
    assert.deepEqual(namesOf(mended, 'deletedResources').toSorted(), ['b', 'new']);
    assert.equal('error' in propertiesOf(mended), false);
  });

  it('of a subscription manages groups, and deletes them last', async () => {
    const resources = [
      { type: 'Microsoft.Resources/resourceGroups', apiVersion: '2022-09-01', name: 'rg7', location: 'eastus' },
      {
        type: 'Microsoft.Resources/deployments',
        apiVersion: '2022-09-01',
        name: 'in7',
        resourceGroup: 'rg7',
        dependsOn: ['rg7'],
        properties: { mode: 'Incremental', template: templateOf({ resources: [storage('a')] }) },
      },
    ];
    const scope = subscription;
    const body = { ...stackOf(resources), location: 'eastus' };
    const made = await door.stack('sub', body, { scope });
    assert.deepEqual(managedBy(made), ['rg7 managed denyDelete', 'a managed denyDelete'], JSON.stringify(made.json));
    assert.equal((await door.ask('DELETE', `${subscription}/resourceGroups/rg7`)).status, 403);
    const without = await door.stack('sub', { ...stackOf([]), location: 'eastus' }, { scope });
    assert.deepEqual(namesOf(without, 'deletedResources'), ['a', 'rg7']);
    assert.equal((await door.ask('GET', `${subscription}/resourceGroups/rg7`)).status, 404);
  });

  it('deploys below itself where deploymentScope says so, and nowhere else', async () => {
    const at = (deploymentScope: string, scope: string) =>
      door.stack('s', { ...stackOf([storage('a')], 'denyDelete', { deploymentScope }), location: 'eastus' }, { scope });
    assert.deepEqual(managedBy(await at(group, subscription)), ['a managed denyDelete']);
    const refused = await door.stack('s', stackOf([storage('a')], 'none', { deploymentScope: `${group}0` }));
    assert.equal(refused.status, 400);
    assert.match(errorOf(refused).message, /rg10/);
  });

  it('is failed when Postern ended meanwhile, and can be deployed again', async () => {
    await door.stack('s', stackOf([storage('a')]));
    const stored = await door.store.get(documentKey(stackId('s')));
    assert.ok(stored !== undefined && isJsonObject(stored.body['properties']));
    const properties = { ...stored.body['properties'], provisioningState: 'deploying' };
    await door.store.transact([{ put: stored.key, body: { ...stored.body, properties } }]);
    const after = door.reopened();
    const told = await askDoor(after, 'GET', `${stackId('s')}?api-version=2024-03-01`, { token: 'admin' });
    assert.equal(stateOf(told), 'failed');
    assert.match(propertiesOf(told).error?.message ?? '', /was under way when Postern ended/);
    assert.deepEqual(managedBy(told), ['a managed denyDelete']);
    assert.equal(stateOf(await door.stack('s', stackOf([storage('a')]))), 'succeeded');
  });
});

describe('a stack is refused', () => {
  const refusalOf = async (body: JsonObject, scope = group) => errorOf(await door.stack('s', body, { scope }));

  it('for what is missing or wrong in its body, with what would be right', async () => {
    const body = stackOf([storage('a')]);
    const properties = body['properties'] as JsonObject;
    const { denySettings: _d, ...undecided } = properties;
    assert.match((await refusalOf({ properties: undecided })).message, /denySettings/);
    const { actionOnUnmanage: _a, ...unsaid } = properties;
    assert.match((await refusalOf({ properties: unsaid })).message, /actionOnUnmanage/);
    assert.match((await refusalOf({ ...body, location: 'eastus' })).message, /location/);
    assert.equal((await refusalOf(body, subscription)).code, 'LocationRequired');
    const denySettings = { excludedPrincipals: [nobody] };
    assert.equal((await refusalOf(stackOf([], 'denyDelete', { denySettings }))).code, 'PrincipalNotFound');
    const templateLink = { uri: 'https://example.org/t.json' };
    assert.match((await refusalOf(stackOf([], 'none', { templateLink }))).message, /templateLink/);
    const [a, b] = [storage('a', { dependsOn: ['b'] }), storage('b', { dependsOn: ['a'] })];
    assert.equal((await refusalOf(stackOf([a, b]))).code, 'InvalidTemplate');
    assert.equal((await door.ask('GET', stackId('s'))).status, 404, 'nothing was kept');
  });

  it('when it is validated for what its deployment is refused for, and otherwise tells what it would have', async () => {
    const validate = (body: JsonObject) => door.ask('POST', `${stackId('s')}/validate`, { body });
    const told = await validate(stackOf([storage('a')]));
    assert.deepEqual(propertiesOf(told)['validatedResources'], [{ id: storageId('a') }]);
    const unknown = { type: 'Microsoft.Nothing/things', apiVersion: '2023-01-01', name: 'x' };
    assert.ok((await validate(stackOf([unknown]))).status >= 400);
    assert.equal(await isThere('a'), false);
  });
});
