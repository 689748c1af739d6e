import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/core/json.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import { subscription } from '../../kit/door.ts';
import { errorOf, nested, propertiesOf, storage, storageId, templateOf } from '../deployments/deploying.ts';
import { group, managedBy, openStacking, type StackingDoor, spared, stackId, stackOf } from './stacking.ts';

let door: StackingDoor;
beforeEach(async () => {
  door = await openStacking();
});
afterEach(() => door.close());

const remove = (name: string, token = 'admin') => door.ask('DELETE', storageId(name), { token });
const change = (name: string, token = 'admin') =>
  door.ask('PUT', storageId(name), { token, body: { location: 'eastus', properties: {} } });
const scopesOf = async () =>
  (await door.denials()).map(({ properties }) =>
    String((properties as JsonObject)['scope'])
      .split('/')
      .at(-1),
  );

describe('what a stack denies', () => {
  it('is refused in ARM’s words, to its maker too, and not beside it', async () => {
    const made = await door.stack('s', stackOf([storage('a')]));
    assert.deepEqual(managedBy(made), ['a managed denyDelete']);
    await change('a1');
    const [denial] = await door.denials();
    const refused = await remove('a');
    assert.equal(refused.status, 403);
    assert.equal(errorOf(refused).code, 'DenyAssignmentAuthorizationFailed');
    const name = (denial as { readonly properties?: JsonObject }).properties?.['denyAssignmentName'];
    assert.equal(
      errorOf(refused).message,
      `The client 'app-of-admin' with object id 'admin' has permission to perform action 'Microsoft.Storage/storageAccounts/delete' on scope '${storageId('a')}'; however, the access is denied because of the deny assignment with name '${name}' and Id '${denial?.['id']}' at scope '${storageId('a')}'.`,
    );
    assert.equal((await change('a')).status, 200, 'denyDelete lets writes through');
    assert.equal((await remove('a1')).status, 200, 'a1 beside a');
  });

  it('is shown by denyAssignments, which nobody can write or delete', async () => {
    await door.stack('s', stackOf([storage('a')]));
    const [denial] = await door.denials();
    assert.equal('stackId' in (denial ?? {}), false);
    const id = String(denial?.['id']);
    assert.equal((await door.ask('GET', id)).status, 200);
    assert.equal((await door.ask('DELETE', id)).status, 405);
    assert.equal((await door.ask('PUT', id, { body: {} })).status, 405);
  });

  it('leaves out excluded principals and actions', async () => {
    const denySettings = {
      excludedPrincipals: [spared],
      excludedActions: ['Microsoft.Storage/storageAccounts/write'],
    };
    await door.stack('s', stackOf([storage('a')], 'denyWriteAndDelete', { denySettings }));
    assert.equal((await change('a', 'writer')).status, 200);
    assert.equal((await remove('a', 'writer')).status, 403);
    assert.equal((await remove('a', spared)).status, 200);
  });

  it('holds below a resource only with applyToChildScopes', async () => {
    const network = `${group}/providers/Microsoft.Network/virtualNetworks/n`;
    const resources = [
      { type: 'Microsoft.Network/virtualNetworks', apiVersion: '2023-01-01', name: 'n', location: 'eastus' },
    ];
    const subnet = (token: string) => door.ask('PUT', `${network}/subnets/one`, { token, body: { properties: {} } });
    await door.stack('s', stackOf(resources, 'denyWriteAndDelete'));
    assert.ok((await subnet('writer')).status < 300);
    const denySettings = { applyToChildScopes: true };
    await door.stack('s', stackOf(resources, 'denyWriteAndDelete', { denySettings }));
    assert.equal((await subnet('writer')).status, 403);
    assert.equal((await door.ask('GET', `${network}/subnets/one`, { token: 'writer' })).status, 200, 'reads go on');
  });

  it('lets the stack’s own deployments and deletions through, and no others', async () => {
    await door.stack('s', stackOf([storage('a'), storage('b')], 'denyWriteAndDelete'));
    const other = await door.stack('other', stackOf([storage('a', { tags: { by: 'other' } })], 'none'));
    assert.equal(propertiesOf(other)['provisioningState'], 'failed');
    assert.match(JSON.stringify(propertiesOf(other).error), /DenyAssignmentAuthorizationFailed/);
    const deployment = `${group}/providers/Microsoft.Resources/deployments/plain`;
    const plain = { properties: { mode: 'Incremental', template: templateOf({ resources: [storage('a')] }) } };
    assert.match(errorOf(await door.ask('PUT', deployment, { body: plain })).message, /deny assignment/);
    const inner = nested('inner', { template: templateOf({ resources: [storage('a', { tags: { by: 's' } })] }) });
    const again = await door.stack('s', stackOf([inner], 'denyWriteAndDelete'));
    assert.equal(propertiesOf(again)['provisioningState'], 'succeeded', JSON.stringify(again.json));
    assert.deepEqual(managedBy(again), ['a managed denyWriteAndDelete'], 'the nested deployment is none');
    assert.equal((await door.ask('GET', storageId('b'))).status, 404);
    assert.deepEqual(await scopesOf(), ['a']);
  });

  it('ends with the mode, with the resource’s leaving, with the stack', async () => {
    await door.stack('s', stackOf([storage('a'), storage('b')]));
    assert.deepEqual(await scopesOf(), ['a', 'b']);
    const detaching = { actionOnUnmanage: { resources: 'detach' } };
    await door.stack('s', stackOf([storage('a')], 'denyDelete', detaching));
    assert.deepEqual(await scopesOf(), ['a']);
    assert.equal((await remove('b')).status, 200);
    const none = await door.stack('s', stackOf([storage('a')], 'none', detaching));
    assert.deepEqual([managedBy(none), await scopesOf()], [['a managed none'], []]);
    await door.stack('s', stackOf([storage('a')], 'denyDelete', detaching));
    assert.equal((await door.settle('DELETE', stackId('s'))).status, 202);
    assert.deepEqual(await scopesOf(), []);
    assert.equal((await remove('a')).status, 200);
  });

  it('is inapplicable outside the scope of the stack', async () => {
    const elsewhere = nested('x', { template: templateOf({ resources: [storage('far')] }) }, { resourceGroup: 'rg10' });
    const made = await door.stack('s', stackOf([storage('a'), elsewhere]));
    assert.deepEqual(managedBy(made), ['a managed denyDelete', 'far managed inapplicable']);
    const far = storageId('far', `${subscription}/resourceGroups/rg10`);
    assert.equal((await door.ask('DELETE', far)).status, 200);
  });

  it('keeps a resource from being moved away from it, and not one beside it', async () => {
    await door.stack('s', stackOf([storage('a')]));
    await change('a1');
    const move = (name: string) => {
      const body = { resources: [storageId(name)], targetResourceGroup: `${group}0` };
      return door.settle('POST', `${group}/moveResources`, { body });
    };
    const refused = await move('a');
    assert.equal(refused.status, 409);
    assert.match(refused.text, /created by Deployment Stack/);
    assert.equal((await move('a1')).status, 202);
    assert.equal((await door.ask('GET', storageId('a'))).status, 200);
  });

  it('goes with the group, as in Azure', async () => {
    await door.stack('s', stackOf([storage('a')]));
    assert.equal((await door.settle('DELETE', group)).status, 202);
    assert.deepEqual(await door.store.list(documentKey(group)), []);
  });
});

describe('Microsoft.Resources/deploymentStacks/manageDenySetting/action', () => {
  const writer = { token: 'writer' };
  const isRefused = async (told: Promise<{ status: number; text: string }>) => {
    const { status, text } = await told;
    assert.equal(status, 403, text);
    assert.match(text, /manageDenySetting\/action/);
  };

  it('is needed for a stack that denies', async () => {
    await isRefused(door.stack('s', stackOf([storage('a')]), writer));
    await isRefused(door.ask('POST', `${stackId('s')}/validate`, { body: stackOf([storage('a')]), ...writer }));
    assert.equal((await door.stack('s', stackOf([storage('a')], 'none'), writer)).status, 200);
  });

  it('is needed to change or delete one that denied, and not for one that never did', async () => {
    await door.stack('s', stackOf([storage('a')]));
    await isRefused(door.stack('s', stackOf([storage('a')], 'none'), writer));
    await isRefused(door.ask('DELETE', stackId('s'), writer));
    await door.stack('plain', stackOf([storage('b')], 'none'));
    assert.equal((await door.settle('DELETE', stackId('plain'), writer)).status, 202);
  });
});
