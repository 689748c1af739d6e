import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comesTo, group, opened, subscription } from './planned.ts';

describe('the functions of what is around a template', () => {
  const { environment } = opened({});
  const at = (id: string) => opened({}, undefined, id).environment;

  it('answer resource ids of the scope, or of what is named', () => {
    const vnet = "'Microsoft.Network/virtualNetworks/subnets', 'v', 's'";
    const below = 'providers/Microsoft.Network/virtualNetworks/v/subnets/s';
    const other = '33333333-3333-4333-8333-333333333333';
    assert.equal(comesTo(`[resourceId(${vnet})]`, environment), `${group}/${below}`);
    assert.equal(comesTo(`[resourceId('rg2', ${vnet})]`, environment), `${subscription}/resourceGroups/rg2/${below}`);
    assert.equal(
      comesTo(`[resourceId('${other}', 'rg2', ${vnet})]`, environment),
      `/subscriptions/${other}/resourceGroups/rg2/${below}`,
    );
    assert.equal(comesTo(`[subscriptionResourceId(${vnet})]`, environment), `${subscription}/${below}`);
    assert.equal(comesTo(`[tenantResourceId(${vnet})]`, environment), `/${below}`);
    const lock = `[extensionResourceId('${group}', 'Microsoft.Authorization/locks', 'l')]`;
    assert.equal(comesTo(lock, environment), `${group}/providers/Microsoft.Authorization/locks/l`);
    const groupId = "[subscriptionResourceId('Microsoft.Resources/resourceGroups', 'rg2')]";
    assert.equal(comesTo(groupId, at(subscription)), `${subscription}/resourceGroups/rg2`);
    assert.match(
      String(comesTo("[resourceId('Microsoft.Network/virtualNetworks')]", environment)),
      /one name for each/,
    );
    assert.match(String(comesTo("[resourceId('none')]", environment)), /fully qualified resource type/);
  });

  it('answer the group, the subscription and the rest where there are such', () => {
    assert.equal(comesTo('[resourceGroup().location]', environment), 'eastus');
    assert.equal(comesTo('[deployment().name]', environment), 'one');
    assert.equal(comesTo('[deployer().objectId]', environment), 'me');
    assert.equal(comesTo('[environment().name]', environment), 'Postern');
    assert.equal(comesTo('[tenant().tenantId]', environment), 't');
    assert.match(String(comesTo('[resourceGroup().location]', at(subscription))), /not expected at this location/);
    assert.match(String(comesTo('[subscription().id]', at('/'))), /made at the scope '\/'/);
    assert.equal(comesTo("[providers('Microsoft.Network', 'x').apiVersions[0]]", environment), '2023-01-01');
    assert.match(
      String(comesTo("[providers('None', 'x')]", environment)),
      /could not be found in the namespace 'None'/,
    );
    assert.deepEqual(comesTo("[pickZones('Microsoft.Compute', 'x', 'eastus', 2)]", environment), ['1', '2']);
    assert.match(String(comesTo("[pickZones('Microsoft.Compute', 'x', 'eastus', 4)]", environment)), /'1,2,3' only/);
  });

  it('refuse resources, loops, clocks and chance where none may stand', () => {
    for (const text of ["[reference('a')]", "[listKeys('a', '1')]", '[copyIndex()]', '[utcNow()]', '[newGuid()]']) {
      assert.match(String(comesTo(text, environment)), /is not expected at this location/, text);
    }
  });
});

describe('parameters', () => {
  const parameters = {
    when: { type: 'string', defaultValue: "[utcNow('yyyy-MM-dd')]" },
    id: { type: 'string', defaultValue: '[newGuid()]' },
    both: { type: 'string', defaultValue: "[concat(parameters('WHEN'), '/', parameters('id'))]" },
    maybe: { $ref: '#/definitions/name' },
  };
  const definitions = { name: { type: 'string', nullable: true, maxLength: 3 } };

  it('have defaults that are evaluated once and may name each other', () => {
    const { environment } = opened({ parameters, definitions });
    assert.equal(comesTo("[parameters('both')]", environment), '2026-11-23/guid-1');
    assert.equal(comesTo("[parameters('both')]", environment), '2026-11-23/guid-1');
    assert.equal(comesTo("[parameters('maybe')]", environment), null);
    assert.match(String(comesTo("[parameters('none')]", environment)), /'none' is not found/);
  });

  it('are judged by the types that they refer to', () => {
    assert.throws(() => opened({ parameters, definitions }, { maybe: { value: 'long' } }), /does not meet 'maxLength'/);
    assert.throws(
      () => opened({ parameters, definitions }, { maybe: 'x' }),
      /must be given as an object with a 'value'/,
    );
  });

  it('that lead back to themselves are refused, and defaults of another type', () => {
    const circle = {
      a: { type: 'string', defaultValue: "[parameters('b')]" },
      b: { type: 'string', defaultValue: "[parameters('a')]" },
    };
    assert.match(String(comesTo("[parameters('a')]", opened({ parameters: circle }).environment)), /refers to itself/);
    const wrong = { a: { type: 'int', defaultValue: "[concat('x')]" } };
    assert.match(
      String(comesTo("[parameters('a')]", opened({ parameters: wrong }).environment)),
      /Expected a value of type 'Integer'/,
    );
  });
});

describe('variables and user functions', () => {
  it('are evaluated when they are asked for, loops among them', () => {
    const variables = {
      base: 'x',
      object: {
        copy: [{ name: 'items', count: 2, input: "[concat(variables('base'), copyIndex('items'))]" }],
        plain: '[[not]',
      },
      copy: [{ name: 'top', count: '[length(createArray(1, 2, 3))]', input: { at: "[copyIndex('top', 10)]" } }],
    };
    const { environment } = opened({ variables });
    assert.deepEqual(comesTo("[variables('object')]", environment), { items: ['x0', 'x1'], plain: '[not]' });
    assert.deepEqual(comesTo("[variables('TOP')]", environment), [{ at: 10 }, { at: 11 }, { at: 12 }]);
  });

  it('see their own parameters and each other, and nothing of the template', () => {
    const members = {
      twice: {
        parameters: [{ name: 'text', type: 'string' }],
        output: { type: 'string', value: "[concat(parameters('text'), parameters('text'))]" },
      },
      four: {
        parameters: [{ name: 'text', type: 'string' }],
        output: { type: 'string', value: "[my.twice(my.twice(parameters('text')))]" },
      },
      outer: { parameters: [], output: { type: 'string', value: "[variables('v')]" } },
      ever: { parameters: [], output: { type: 'string', value: '[my.ever()]' } },
    };
    const { environment } = opened({ functions: [{ namespace: 'my', members }], variables: { v: 'seen' } });
    assert.equal(comesTo("[my.four('a')]", environment), 'aaaa');
    assert.match(String(comesTo('[my.outer()]', environment)), /'variables' is not expected/);
    assert.match(String(comesTo('[my.ever()]', environment)), /levels deep/);
    assert.match(String(comesTo('[my.none()]', environment)), /'my.none' is not valid/);
  });
});
