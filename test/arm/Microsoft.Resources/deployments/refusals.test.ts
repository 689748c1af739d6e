import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Json, JsonObject } from '../../../../src/core/json.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import * as ports from '../../kit/ports.ts';
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

/** What a template is refused with, before anything is made. */
async function refused(parts: JsonObject, parameters?: Json): Promise<string> {
  const told = await door.deploy(templateOf(parts), { ...(parameters === undefined ? {} : { parameters }) });
  assert.equal(told.status, 400, told.text);
  assert.equal((await door.get(deploymentId('one'))).status, 404, 'nothing was begun');
  const { code, message } = errorOf(told);
  return `${code}: ${message}`;
}

describe('a template that cannot be deployed', () => {
  it('is refused where it needs itself, by dependsOn or by reference', async () => {
    const circle = [storage('a', { dependsOn: ['b'] }), storage('b', { dependsOn: [storageId('a')] })];
    assert.match(await refused({ resources: circle }), /InvalidTemplate: .*Circular dependency detected.*\/a.*\/b/);
    const said = [storage('a', { properties: { x: "[reference('b').y]" } }), storage('b', { dependsOn: ['a'] })];
    assert.match(await refused({ resources: said }), /Circular dependency/);
  });

  it('is refused where what it depends on or refers to is not there', async () => {
    assert.match(
      await refused({ resources: [storage('a', { dependsOn: ['b'] })] }),
      /'b' is not defined in the template/,
    );
    assert.match(await refused({ resources: [storage('a'), storage('A')] }), /defined multiple times/);
    assert.match(await refused({ resources: [storage('a/b')] }), /incorrect segment lengths/);
    assert.match(
      await refused({ resources: [storage("[reference('a').x]")] }),
      /'reference' is not expected at this location/,
    );
  });

  it('is refused for parameters that are missing, unknown, or of another type, bound or list', async () => {
    const parameters = {
      a: { type: 'string', allowedValues: ['x', 'y'] },
      n: { type: 'int', defaultValue: 3, minValue: 2, maxValue: 4 },
      s: { type: 'secureString', defaultValue: 'long enough', minLength: 5 },
    };
    const of = (values: JsonObject) => refused({ parameters }, values);
    assert.match(await of({}), /The value for the template parameter 'a' is not provided/);
    assert.match(
      await of({ a: { value: 'x' }, b: { value: 1 } }),
      /'b' in the parameters file are not valid.*'a, n, s'/,
    );
    assert.match(
      await of({ a: { value: 3 } }),
      /Expected a value of type 'String, Uri', but received a value of type 'Integer'/,
    );
    assert.match(await of({ a: { value: 'z' } }), /'z' is not part of the allowed value\(s\): 'x,y'/);
    assert.match(await of({ a: { value: 'x' }, n: { value: 5 } }), /'5' does not meet 'maxValue': '4'/);
    const secret = await of({ a: { value: 'x' }, s: { value: 'shh' } });
    assert.match(secret, /does not meet 'minLength'/);
    assert.doesNotMatch(secret, /shh/);
    assert.match(await of({ a: { reference: { keyVault: { id: '/x' }, secretName: 's' } } }), /key vault/);
    assert.match(await refused({ parameters: { a: { type: 'strong' } } }, { a: { value: 1 } }), /'a' must have a type/);
    assert.match(
      await refused(
        { parameters: { a: { $ref: '#/definitions/b' } }, definitions: { b: { $ref: '#/definitions/b' } } },
        { a: { value: 1 } },
      ),
      /not defined/,
    );
  });

  it('is refused for more resources than Azure takes, and takes as many', async () => {
    const many = (count: number) => [storage("[concat('s', copyIndex())]", { copy: { name: 'c', count } })];
    assert.match(await refused({ resources: [...many(800), storage('one-more')] }), /Limit: '800' and actual: '801'/);
    assert.match(await refused({ resources: many(801) }), /from 0 to 800/);
    const told = await door.deploy(templateOf({ resources: many(800) }));
    assert.equal(propertiesOf(told)['provisioningState'], 'Succeeded');
  });

  it('is refused for expressions that are hostile, quickly', async () => {
    const deep = `[${'concat('.repeat(20_000)}'x'${')'.repeat(20_000)}]`;
    const wide = "[length(map(range(0, 10000), lambda('a', map(range(0, 10000), lambda('b', range(0, 10000))))))]";
    for (const value of [deep, wide, '[unknown()]', "[parameters('none')]", '[concat(']) {
      const began = performance.now();
      assert.match(await refused({ parameters: { p: { type: 'int', defaultValue: value } } }), /InvalidTemplate/);
      assert.ok(performance.now() - began < 5000);
    }
    const loop = (input: Json): Json => ({ copy: [{ name: 'x', count: 800, input }] });
    const began = performance.now();
    const cubed = templateOf({ resources: [storage('a', { properties: loop(loop(loop('x'))) as JsonObject })] });
    assert.match((await door.deploy(cubed, { name: 'cubed' })).text, /InvalidTemplate/);
    assert.ok(performance.now() - began < 10_000);
    const itself = { a: "[variables('b')]", b: "[variables('a')]" };
    assert.match(await refused({ variables: itself, resources: [storage("[variables('a')]")] }), /refers to itself/);
  });

  it('is refused where it leads out of here', async () => {
    const send = async (properties: JsonObject) => {
      const body = { properties: { mode: 'Incremental', ...properties } };
      return errorOf(await door.ask('PUT', `${deploymentId('one')}?${version}`, { body }));
    };
    assert.match((await send({ templateLink: { uri: 'https://example.org/t.json' } })).message, /no connections/);
    assert.match(
      (await send({ templateLink: { id: '/subscriptions/x/…/templateSpecs/t' } })).message,
      /Template specs/,
    );
    assert.match((await send({ parametersLink: { uri: 'https://x' }, template: {} })).message, /'parametersLink'/);
    assert.match((await send({})).message, /'template' is missing/);
    assert.match((await send({ template: templateOf({}), mode: 'Partial' })).message, /'Incremental' or 'Complete'/);
  });

  it('is refused above 4 MB, as every body', async () => {
    const text = JSON.stringify({
      properties: { mode: 'Incremental', template: templateOf({ metadata: 'x'.repeat(4 << 20) }) },
    });
    const told = await door.ask('PUT', `${deploymentId('one')}?${version}`, { text });
    assert.equal(told.status, 413);
  });

  it('is refused for types and versions that there are not', async () => {
    const of = (more: JsonObject) => door.deploy(templateOf({ resources: [storage('a', more)] }));
    assert.equal(errorOf(await of({ type: 'Microsoft.Storage/nothing' })).code, 'InvalidResourceType');
    assert.equal(errorOf(await of({ type: 'Contoso.Own/things' })).code, 'InvalidResourceNamespace');
    assert.equal(errorOf(await of({ apiVersion: '1999-01-01' })).code, 'InvalidResourceType');
  });

  it('is told by validate, which makes nothing', async () => {
    const validate = (template: JsonObject) =>
      door.ask('POST', `${deploymentId('one')}/validate?${version}`, {
        body: { properties: { mode: 'Incremental', template } },
      });
    const good = await validate(templateOf({ resources: [storage('a')] }));
    assert.deepEqual(propertiesOf(good)['validatedResources'], [{ id: storageId('a') }]);
    assert.equal((await validate(templateOf({ resources: [storage('a', { dependsOn: ['b'] })] }))).status, 400);
    assert.equal((await door.get(storageId('a'))).status, 404);
    assert.equal((await door.get(deploymentId('one'))).status, 404);
  });
});

describe('a deployment that fails', () => {
  it('says which resources failed, makes those that do not need them, and no other', async () => {
    const told = await door.deploy(
      templateOf({
        resources: [
          storage('bad', { location: 'atlantis' }),
          storage('after', { dependsOn: ['bad'] }),
          storage('beside'),
        ],
      }),
    );
    const { provisioningState, error } = propertiesOf(told);
    assert.equal(provisioningState, 'Failed');
    assert.equal(error?.code, 'DeploymentFailed');
    assert.match(error?.message ?? '', /^At least one resource deployment operation failed\. Please list/);
    assert.deepEqual(
      error?.details?.map(({ code }) => code),
      ['LocationNotAvailableForResourceType'],
    );
    assert.equal((await door.get(storageId('beside'))).status, 200);
    assert.equal((await door.get(storageId('after'))).status, 404);
    const operations = (await door.get(`${deploymentId('one')}/operations`)).json['value'] as JsonObject[];
    const failed = operations
      .map(({ properties }) => properties as JsonObject)
      .filter((one) => one['provisioningState'] === 'Failed');
    assert.deepEqual(
      failed.map((one) => [one['statusCode'], (one['targetResource'] as JsonObject)['id']]),
      [['BadRequest', storageId('bad')]],
    );
  });

  it('carries the failures of what is nested in it', async () => {
    const template = templateOf({ resources: [storage('bad', { location: 'atlantis' })] });
    const { error } = propertiesOf(await door.deploy(templateOf({ resources: [nested('inner', { template })] })));
    assert.equal(error?.details?.[0]?.code, 'DeploymentFailed');
    assert.equal(error?.details?.[0]?.details?.[0]?.code, 'LocationNotAvailableForResourceType');
  });

  it('fails for outputs that cannot be told', async () => {
    const output = { x: { type: 'string', value: "[reference('a').none]" } };
    const { error } = propertiesOf(await door.deploy(templateOf({ resources: [storage('a')], outputs: output })));
    assert.equal(error?.details?.[0]?.code, 'DeploymentOutputEvaluationFailed');
  });

  it('by a circle that shows only while it is made', async () => {
    const referring = (name: string) => ({
      copy: [{ name: 'x', count: 1, input: `[reference(concat('${name}', take('', copyIndex('x')))).x]` }],
    });
    const resources = [storage('a', { properties: referring('b') }), storage('b', { properties: referring('a') })];
    const { provisioningState, error } = propertiesOf(await door.deploy(templateOf({ resources })));
    assert.equal(provisioningState, 'Failed');
    assert.ok(error?.details?.some(({ message }) => message.startsWith('Circular dependency detected')));
  });
});

describe('what a deployer may', () => {
  const reader = { principalId: 'deployer', action: /read$|\/validate\/action$/, scope: group };
  const deployer = { principalId: 'deployer', action: /^Microsoft\.Resources\/deployments\//i, scope: group };
  beforeEach(() => {
    door.tokens.set('deployer', ports.tokenOf('deployer'));
    door.principals.set('deployer', ports.application('deployer'));
    door.grants.push(reader);
  });
  const template = templateOf({ resources: [storage('a')] });
  const asDeployer = { ask: { token: 'deployer' } };

  it('is decided for the deployment', async () => {
    const told = await door.deploy(template, asDeployer);
    assert.equal(told.status, 403);
    assert.match(errorOf(told).message, /Microsoft\.Resources\/deployments\/write/);
  });

  it('is decided for each resource, before anything is made', async () => {
    door.grants.push(deployer, {
      principalId: 'deployer',
      action: /^Microsoft\.Storage\/.*write$/,
      scope: storageId('b'),
    });
    const both = templateOf({ resources: [storage('a'), storage('b')] });
    const { code, message, details } = errorOf(await door.deploy(both, asDeployer));
    assert.equal(code, 'InvalidTemplateDeployment');
    assert.match(
      message,
      /Authorization failed for template resource 'a' of type 'Microsoft\.Storage\/storageAccounts'.*'Microsoft\.Storage\/storageAccounts\/write'/,
    );
    assert.deepEqual(
      details?.map(({ target }) => target),
      [storageId('a')],
    );
    assert.equal((await door.get(storageId('b'))).status, 404);
    const own = await door.deploy(templateOf({ resources: [storage('b')] }), asDeployer);
    assert.equal(propertiesOf(own)['provisioningState'], 'Succeeded');
  });

  it('is decided again when each resource is written: who loses it meanwhile loses it', async () => {
    door.grants.push(deployer, { principalId: 'deployer', action: /^Microsoft\.Storage\//, scope: group });
    const ordered = templateOf({ resources: [storage('a'), storage('b', { dependsOn: ['a'] })] });
    const transact = door.store.transact.bind(door.store);
    door.store.transact = (writes, survives) => {
      if (writes.some((write) => 'put' in write && write.put === documentKey(storageId('a')))) door.grants.pop();
      return transact(writes, survives);
    };
    const { error } = propertiesOf(await door.deploy(ordered, asDeployer));
    assert.deepEqual(
      error?.details?.map(({ code, target }) => [code, target]),
      [['AuthorizationFailed', storageId('b')]],
    );
    assert.equal((await door.get(storageId('a'))).status, 200);
  });

  it('is what reference shows: nothing that the deployer may not read', async () => {
    await door.deploy(templateOf({ resources: [storage('hidden', { properties: { x: 'secret' } })] }));
    door.grants.length = 1;
    door.grants.push(deployer);
    const outputs = { x: { type: 'object', value: `[reference('${storageId('hidden')}', '2023-01-01')]` } };
    const told = await door.deploy(templateOf({ outputs }), { ...asDeployer, name: 'spy' });
    assert.equal(propertiesOf(told)['provisioningState'], 'Failed');
    assert.doesNotMatch(told.text, /"secret"/);
  });

  it('is recorded for each resource, as the deployer’s, under one correlation id', async () => {
    await door.deploy(template);
    const events = door.events.filter(({ resourceId }) => resourceId === storageId('a'));
    assert.deepEqual(
      events.map(({ status }) => status),
      ['Started', 'Succeeded'],
    );
    const own = door.events.filter(({ resourceId }) => resourceId === deploymentId('one'));
    assert.deepEqual(
      own.map(({ status }) => status),
      ['Started', 'Accepted', 'Succeeded'],
    );
    assert.deepEqual(
      new Set([...events, ...own].map(({ correlationId, caller }) => `${correlationId} ${caller}`)).size,
      1,
    );
  });
});

describe('a secure parameter', () => {
  const secret = 'correct-horse-battery';

  it('is kept nowhere: not with the deployment, its operations and templates, nor in the activity log', async () => {
    const template = templateOf({
      parameters: { pw: { type: 'secureString' }, o: { type: 'secureObject' } },
      resources: [
        storage('a', {
          tags: { hint: "[concat('is ', parameters('pw'))]" },
          properties: { adminPassword: "[parameters('pw')]" },
        }),
        nested('outer', { template: templateOf({ variables: { x: "[parameters('o').deep]" }, resources: [] }) }),
        nested('inner', {
          expressionEvaluationOptions: { scope: 'inner' },
          parameters: { pw: { value: "[parameters('pw')]" } },
          template: templateOf({ parameters: { pw: { type: 'securestring' } }, resources: [] }),
        }),
      ],
      outputs: {
        shown: { type: 'string', value: "[parameters('pw')]" },
        kept: { type: 'secureString', value: "[parameters('pw')]" },
      },
    });
    const parameters = { pw: { value: secret }, o: { value: { deep: secret } } };
    const told = await door.deploy(template, { parameters });
    assert.equal(propertiesOf(told)['provisioningState'], 'Succeeded', told.text);
    assert.deepEqual(propertiesOf(told)['parameters'], { pw: { type: 'SecureString' }, o: { type: 'SecureObject' } });
    assert.deepEqual(propertiesOf(told)['outputs'], {
      shown: { type: 'String', value: '***' },
      kept: { type: 'SecureString' },
    });
    const documents = [
      ...(await door.store.list(documentKey('/subscriptions'))),
      ...(await door.store.list(documentKey('/operations'))),
    ];
    const holding = documents.filter(({ body }) => JSON.stringify(body).includes(secret)).map(({ key }) => key);
    assert.deepEqual(holding, [documentKey(storageId('a'))], 'only where the template puts it: in a tag');
    assert.deepEqual(
      door.events.filter((event) => JSON.stringify(event).includes(secret)),
      [],
    );
  });
});

describe('the body of a deployment', () => {
  it('may be written as people write JSON; that of other requests may not', async () => {
    const text = `{"properties": {"mode": "Incremental", template: {
      // what az sends: the file as it is
      '$schema': "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      "contentVersion": "1.0.0.0", /* and more */ "resources": [],
    }}}`;
    assert.equal((await door.ask('PUT', `${deploymentId('one')}?${version}`, { text })).status, 201);
    assert.equal((await door.ask('PUT', `${storageId('a')}?${version}`, { text })).status, 400);
    assert.equal((await door.ask('PUT', `${deploymentId('one')}?${version}`, { text: '{properties' })).status, 400);
  });
});
