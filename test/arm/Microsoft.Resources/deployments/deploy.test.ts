import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/core/json.ts';
import { askDoor, subscription } from '../../kit/door.ts';
import {
  type DeployingDoor,
  deploymentId,
  errorOf,
  group,
  nested,
  openDeploying,
  propertiesOf,
  storage,
  storageId,
  templateOf,
  version,
} from './deploying.ts';

let door: DeployingDoor;
beforeEach(async () => {
  door = await openDeploying();
});
afterEach(() => door.close());

/** Waits for what happens soon, and not for what never does. */
async function until(happened: () => boolean): Promise<void> {
  for (let turns = 0; !happened(); turns += 1) {
    assert.ok(turns < 100_000, 'it never happened');
    await new Promise((turn) => setImmediate(turn));
  }
}

const outputsOf = (told: Awaited<ReturnType<DeployingDoor['get']>>) =>
  Object.fromEntries(
    Object.entries(propertiesOf(told)['outputs'] as Record<string, JsonObject>).map(([name, { value }]) => [
      name,
      value,
    ]),
  );

describe('a deployment', () => {
  it('is accepted with 201, polled by Azure-AsyncOperation, and shows what it made', async () => {
    const body = { properties: { mode: 'incremental', template: templateOf({ resources: [storage('a')] }) } };
    const begun = await door.ask('PUT', `${deploymentId('one')}?${version}`, { body });
    assert.equal(begun.status, 201);
    assert.equal(propertiesOf(begun)['provisioningState'], 'Accepted');
    const poll = String(begun.headers.get('azure-asyncoperation')).replace(/^https:\/\/[^/]+/, '');
    await door.app.idle();
    assert.equal((await door.ask('GET', poll)).json['status'], 'Succeeded');
    const shown = propertiesOf(await door.get(deploymentId('one')));
    assert.equal(shown['provisioningState'], 'Succeeded');
    assert.equal(shown['mode'], 'Incremental');
    assert.deepEqual(shown['outputResources'], [{ id: storageId('a') }]);
    assert.equal((await door.get(storageId('a'))).status, 200);
    assert.equal((await door.ask('PUT', `${deploymentId('one')}?${version}`, { body })).status, 200, 'again');
  });

  it('takes parameters, variables, copies, conditions and references to outputs', async () => {
    const told = await door.deploy(
      templateOf({
        parameters: {
          count: { type: 'int' },
          suffix: { type: 'string', defaultValue: "[concat('x', parameters('count'))]" },
        },
        variables: {
          prefix: 'data',
          copy: [
            {
              name: 'names',
              count: "[parameters('count')]",
              input: "[concat(variables('prefix'), copyIndex('names'))]",
            },
          ],
        },
        resources: [
          storage("[variables('names')[copyIndex()]]", {
            copy: { name: 'all', count: "[parameters('count')]" },
            location: '[resourceGroup().location]',
            tags: { suffix: "[parameters('suffix')]" },
            properties: { copy: [{ name: 'rules', count: 2, input: { at: "[copyIndex('rules', 1)]" } }] },
          }),
          storage('never', { condition: "[equals(parameters('count'), 7)]" }),
        ],
        outputs: {
          first: { type: 'string', value: "[resourceId('Microsoft.Storage/storageAccounts', variables('names')[0])]" },
          rules: { type: 'array', value: "[reference('data1').rules]" },
          team: { type: 'string', value: '[resourceGroup().tags.team]' },
          all: { type: 'array', copy: { count: 2, input: '[copyIndex()]' } },
          none: { type: 'string', condition: false, value: 'x' },
        },
      }),
      { parameters: { COUNT: { value: 2 } } },
    );
    assert.deepEqual(outputsOf(told), {
      first: storageId('data0'),
      rules: [{ at: 1 }, { at: 2 }],
      team: 'blue',
      all: [0, 1],
    });
    const made = (await door.get(storageId('data1'))).json;
    assert.deepEqual([made['location'], made['tags']], ['eastus', { suffix: 'x2' }]);
    assert.equal((await door.get(storageId('never'))).status, 404);
    assert.deepEqual(propertiesOf(told)['parameters'], {
      count: { type: 'Int', value: 2 },
      suffix: { type: 'String', value: 'x2' },
    });
  });

  it('makes children and what lies on a resource, in the order of what they need', async () => {
    const told = await door.deploy(
      templateOf({
        resources: [
          {
            type: 'Microsoft.Network/virtualNetworks',
            apiVersion: '2023-01-01',
            name: 'net',
            location: 'eastus',
            properties: {},
            resources: [
              { type: 'subnets', apiVersion: '2023-01-01', name: 'inner', dependsOn: ['net'], properties: {} },
            ],
          },
          {
            type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
            apiVersion: '2023-01-01',
            name: 'a/default/logs',
            dependsOn: ["[resourceId('Microsoft.Storage/storageAccounts', 'a')]"],
            properties: { of: "[reference('a', '2023-01-01', 'Full').location]" },
          },
          storage('a'),
        ],
      }),
    );
    assert.equal(propertiesOf(told)['provisioningState'], 'Succeeded', JSON.stringify(told.json));
    const net = `${group}/providers/Microsoft.Network/virtualNetworks/net`;
    assert.equal((await door.get(`${net}/subnets/inner`)).status, 200);
    const container = await door.get(`${storageId('a')}/blobServices/default/containers/logs`);
    assert.equal(propertiesOf(container)['of'], 'eastus');
  });

  it('takes symbolic names, existing resources and their copies, as Bicep writes them', async () => {
    await door.deploy(templateOf({ resources: [storage('old', { tags: { kept: 'yes' } })] }));
    const told = await door.deploy(
      templateOf({
        languageVersion: '2.0',
        resources: {
          before: { existing: true, type: 'Microsoft.Storage/storageAccounts', apiVersion: '2023-01-01', name: 'old' },
          many: storage("[format('many{0}', copyIndex())]", {
            copy: { name: 'many', count: 2 },
            tags: { of: "[reference('before', '2023-01-01', 'full').tags.kept]" },
          }),
          last: storage('last', {
            dependsOn: ['many'],
            properties: { first: "[reference('many[0]').provisioningState]" },
          }),
        },
        outputs: {
          states: {
            type: 'array',
            value: "[map(references('many', 'full'), lambda('one', lambdaVariables('one').tags.of))]",
          },
          first: { type: 'string', value: "[reference('last').first]" },
        },
      }),
      { name: 'two' },
    );
    assert.deepEqual(outputsOf(told), { states: ['yes', 'yes'], first: 'Succeeded' });
  });

  it('is nested: in the scope of the outer template or in its own, in another group, with outputs', async () => {
    await door.ask('PUT', `${subscription}/resourceGroups/rg2?${version}`, { body: { location: 'westus' } });
    const inner = templateOf({
      parameters: { name: { type: 'string' } },
      resources: [storage("[parameters('name')]", { location: '[resourceGroup().location]' })],
      outputs: { where: { type: 'string', value: "[reference(parameters('name'), '2023-01-01', 'Full').location]" } },
    });
    const told = await door.deploy(
      templateOf({
        parameters: { name: { type: 'string', defaultValue: 'outside' } },
        resources: [
          nested(
            'inner',
            {
              expressionEvaluationOptions: { scope: 'inner' },
              template: inner,
              parameters: { name: { value: "[concat(parameters('name'), '1')]" } },
            },
            { resourceGroup: 'rg2' },
          ),
          nested('outer', { template: templateOf({ resources: [storage("[parameters('name')]")] }) }),
        ],
        outputs: { where: { type: 'string', value: "[reference('inner').outputs.where.value]" } },
      }),
    );
    assert.deepEqual(outputsOf(told), { where: 'westus' });
    assert.equal((await door.get(storageId('outside1', `${subscription}/resourceGroups/rg2`))).status, 200);
    assert.equal((await door.get(storageId('outside'))).status, 200);
  });

  it('in Complete mode deletes what else is in the group, and in Incremental nothing', async () => {
    await door.deploy(templateOf({ resources: [storage('a'), storage('b')] }));
    await door.deploy(templateOf({ resources: [storage('c')] }));
    assert.equal((await door.get(storageId('a'))).status, 200);
    const told = await door.deploy(templateOf({ resources: [storage('b')] }), { mode: 'Complete' });
    assert.equal(propertiesOf(told)['provisioningState'], 'Succeeded');
    const left = await Promise.all(['a', 'b', 'c'].map(async (name) => (await door.get(storageId(name))).status));
    assert.deepEqual(left, [404, 200, 404]);
    const at = { scope: subscription, location: 'eastus', mode: 'Complete' };
    assert.equal(errorOf(await door.deploy(templateOf({}), at)).code, 'InvalidRequestContent', 'only in groups');
  });

  it('of a subscription makes groups and what lies in them', async () => {
    const template = templateOf({
      resources: [
        { type: 'Microsoft.Resources/resourceGroups', apiVersion: '2022-09-01', name: 'rg3', location: 'eastus' },
        nested(
          'within',
          { expressionEvaluationOptions: { scope: 'inner' }, template: templateOf({ resources: [storage('s')] }) },
          {
            resourceGroup: 'rg3',
            dependsOn: ["[subscriptionResourceId('Microsoft.Resources/resourceGroups', 'rg3')]"],
          },
        ),
      ],
    });
    const told = await door.deploy(template, { scope: subscription, location: 'eastus' });
    assert.equal(propertiesOf(told)['provisioningState'], 'Succeeded', JSON.stringify(told.json));
    assert.equal((await door.get(storageId('s', `${subscription}/resourceGroups/rg3`))).status, 200);
    assert.equal(errorOf(await door.deploy(template, { scope: subscription })).code, 'LocationRequired');
  });

  it('shows its operations, also where older clients ask, and its template', async () => {
    await door.deploy(templateOf({ resources: [storage('a')], outputs: { x: { type: 'int', value: 1 } } }));
    const operations = (await door.get(`${deploymentId('one')}/operations`)).json['value'] as JsonObject[];
    const shown = operations.map(({ properties }) => properties as JsonObject);
    assert.deepEqual(
      shown.map((one) => [one['provisioningOperation'], one['provisioningState'], one['statusCode']]).toSorted(),
      [
        ['Create', 'Succeeded', 'Created'],
        ['EvaluateDeploymentOutput', 'Succeeded', 'OK'],
      ],
    );
    const old = `${group}/deployments/one/operations`;
    assert.equal(((await door.get(old)).json['value'] as unknown[]).length, 2);
    assert.equal((await door.get(`${old}/${operations[0]?.['operationId']}`)).status, 200);
    assert.equal((await door.get(`${old}/NONE`)).status, 404);
    const exported = await door.ask('POST', `${deploymentId('one')}/exportTemplate?${version}`);
    assert.deepEqual((exported.json['template'] as JsonObject)['outputs'], { x: { type: 'int', value: 1 } });
  });

  it('is listed, found, and forgotten without what it made', async () => {
    await door.deploy(templateOf({ resources: [storage('a')] }));
    await door.deploy(templateOf({}), { name: 'two' });
    const list = `${group}/providers/Microsoft.Resources/deployments`;
    assert.equal(((await door.get(list)).json['value'] as unknown[]).length, 2);
    const failed = await door.ask('GET', `${list}?${version}&$filter=provisioningState eq 'Failed'`);
    assert.deepEqual(failed.json['value'], []);
    assert.equal((await door.ask('GET', `${list}?${version}&$filter=name eq 'x'`)).status, 400);
    assert.equal((await door.ask('HEAD', `${deploymentId('two')}?${version}`)).status, 204);
    assert.equal((await door.ask('DELETE', `${deploymentId('one')}?${version}`)).status, 204);
    assert.equal(errorOf(await door.get(deploymentId('one'))).code, 'DeploymentNotFound');
    assert.equal((await door.get(storageId('a'))).status, 200);
  });

  it('goes with its group', async () => {
    await door.deploy(templateOf({ resources: [storage('a')] }));
    await door.ask('DELETE', `${group}?${version}`);
    await door.app.idle();
    await door.ask('PUT', `${group}?${version}`, { body: { location: 'eastus' } });
    assert.equal((await door.get(deploymentId('one'))).status, 404);
  });

  it('that was under way when Postern ended is failed, never running for ever', async () => {
    const release = Promise.withResolvers<void>();
    const transact = door.store.transact.bind(door.store);
    let held = false;
    door.store.transact = async (writes, survives) => {
      if (writes.some((write) => 'put' in write && write.put.endsWith('/storageaccounts/slow'))) {
        held = true;
        await release.promise;
      }
      return transact(writes, survives);
    };
    const body = { properties: { mode: 'Incremental', template: templateOf({ resources: [storage('slow')] }) } };
    await door.ask('PUT', `${deploymentId('one')}?${version}`, { body });
    await until(() => held);
    const next = door.reopened();
    await next.resume();
    await next.idle();
    const told = await askDoor(next, 'GET', `${deploymentId('one')}?${version}`);
    assert.equal(propertiesOf(told)['provisioningState'], 'Failed');
    assert.match(propertiesOf(told).error?.message ?? '', /under way when Postern ended/);
    release.resolve();
  });

  it('whose work was never stored is failed, too, by whoever looks at it', async () => {
    const transact = door.store.transact.bind(door.store);
    door.store.transact = async (writes, survives) => {
      if (writes.some((write) => 'put' in write && write.put.startsWith('/operations/'))) throw new Error('no power');
      return transact(writes, survives);
    };
    const body = { properties: { mode: 'Incremental', template: templateOf({ resources: [storage('a')] }) } };
    assert.equal((await door.ask('PUT', `${deploymentId('one')}?${version}`, { body })).status, 500);
    const next = door.reopened();
    const told = await askDoor(next, 'GET', `${group}/providers/Microsoft.Resources/deployments?${version}`);
    const [shown] = told.json['value'] as JsonObject[];
    assert.equal((shown?.['properties'] as JsonObject | undefined)?.['provisioningState'], 'Failed');
  });

  it('is ended by cancel: nothing further begins', async () => {
    const release = Promise.withResolvers<void>();
    const transact = door.store.transact.bind(door.store);
    let held = false;
    door.store.transact = async (writes, survives) => {
      if (writes.some((write) => 'put' in write && write.put.endsWith('/storageaccounts/first'))) {
        held = true;
        await release.promise;
      }
      return transact(writes, survives);
    };
    const template = templateOf({ resources: [storage('first'), storage('second', { dependsOn: ['first'] })] });
    const body = { properties: { mode: 'Incremental', template } };
    const path = `${deploymentId('one')}?${version}`;
    const begun = await door.ask('PUT', path, { body });
    await until(() => held);
    assert.equal(errorOf(await door.ask('PUT', path, { body })).code, 'DeploymentActive');
    assert.equal(errorOf(await door.ask('DELETE', path)).code, 'DeploymentActive');
    assert.equal((await door.ask('POST', `${deploymentId('one')}/cancel?${version}`)).status, 204);
    release.resolve();
    await door.app.idle();
    assert.equal(propertiesOf(await door.get(deploymentId('one')))['provisioningState'], 'Canceled');
    const poll = String(begun.headers.get('azure-asyncoperation')).replace(/^https:\/\/[^/]+/, '');
    assert.equal((await door.ask('GET', poll)).json['status'], 'Canceled');
    assert.equal((await door.get(storageId('first'))).status, 200, 'what had begun is made');
    assert.equal((await door.get(storageId('second'))).status, 404);
    assert.equal(errorOf(await door.ask('POST', `${deploymentId('one')}/cancel?${version}`)).code, 'Conflict');
  });
});
