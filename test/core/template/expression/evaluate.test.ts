import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../../src/core/json.ts';
import { isRefusal, refuse } from '../../../../src/core/refusal.ts';
import { templateBudget } from '../../../../src/core/template/expression/budget.ts';
import { evaluateString, evaluateValue, expressionFailed } from '../../../../src/core/template/expression/evaluate.ts';
import type { Environment, Evaluated } from '../../../../src/core/template/expression/evaluated.ts';
import { newGuid, onlyInDefaults, utcNow } from '../../../../src/core/template/expression/parameter-defaults.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';

const bare: Environment = { function: () => undefined };
const parameters: Record<string, Json> = {
  network: { Name: 'vnet', subnets: ['a', 'b'], nothing: null },
  deep: JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as Json,
  large: Array.from({ length: 50_000 }, (_, index) => ({ name: `item${index}` })),
};
const template: Environment = {
  function: (name, namespace) => {
    if (name === 'parameters') return ([key]) => ({ value: parameters[String(key)] ?? null });
    if (name === 'reference') return (args) => ({ awaits: args });
    if (name === 'trap') return () => assert.fail('this must not be evaluated');
    return namespace === 'contoso' && name === 'twice'
      ? ([value]) => ({ value: [value ?? null, value ?? null] })
      : undefined;
  },
};

describe('a text of a template', () => {
  it('is an expression between brackets, a literal otherwise', () => {
    assert.deepEqual(evaluateString('[add(1, 2)]', bare), { value: 3 });
    for (const literal of ['', 'add(1, 2)', '[add(1, 2)', 'add(1, 2)]', ' [add(1, 2)]', '[', '[[x']) {
      assert.deepEqual(evaluateString(literal, bare), { value: literal });
    }
  });

  it('loses one bracket of two', () => {
    assert.deepEqual(evaluateString('[[add(1, 2)]', bare), { value: '[add(1, 2)]' });
    assert.deepEqual(evaluateString('[[[x]]', bare), { value: '[[x]]' });
  });

  it('finds functions and properties without regard to case, and user functions by their namespace', () => {
    assert.deepEqual(evaluateString("[ToUpper(PARAMETERS('network').name)]", template), { value: 'VNET' });
    assert.deepEqual(evaluateString("[Contoso.Twice('x')[1]]", template), { value: 'x' });
    assert.deepEqual(evaluateString('[sys.add(1, 1)]', template), { value: 2 });
    assert.match(
      messageOf(evaluateString("[other.twice('x')]", template)),
      /^The template function 'other.twice' is not valid/,
    );
    assert.match(messageOf(evaluateString("[twice('x')]", template)), /^The template function 'twice' is not valid/);
  });

  it('says which properties there are, and which index is out of bounds', () => {
    const missing =
      "The language expression property 'id' doesn't exist, available properties are 'Name, subnets, nothing'.";
    assert.equal(messageOf(evaluateString("[parameters('network').id]", template)), missing);
    const outside = "The language expression property array index '2' is out of bounds.";
    assert.equal(messageOf(evaluateString("[parameters('network').subnets[2]]", template)), outside);
  });

  it('never reads what objects inherit', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'length']) {
      assert.match(messageOf(evaluateString(`[parameters('network').${name}]`, template)), /doesn't exist/);
    }
    assert.deepEqual(evaluateString("[createObject('__proto__', 1).__proto__]", bare), { value: 1 });
  });

  it('takes no value for a refusal, whatever its properties are named', () => {
    const value = { refused: 'x', awaits: 'y', value: 'z' };
    assert.deepEqual(evaluateString("[createObject('refused', 'x', 'awaits', 'y', 'value', 'z')]", bare), { value });
  });

  it('gives null for what safe access does not find, and for the rest of its chain', () => {
    assert.deepEqual(evaluateString("[parameters('network').?id.name[3]]", template), { value: null });
    assert.deepEqual(evaluateString("[parameters('network').subnets[?7]]", template), { value: null });
    assert.deepEqual(evaluateString("[parameters('network').?subnets[0]]", template), { value: 'a' });
    assert.ok(isRefusal(evaluateString("[parameters('network').?subnets[7]]", template)));
  });
});

describe('what is evaluated at all', () => {
  it('is the taken branch of if', () => {
    assert.deepEqual(evaluateString("[if(true(), 'a', trap())]", template), { value: 'a' });
    assert.deepEqual(evaluateString("[if(false(), trap(), 'b')]", template), { value: 'b' });
  });

  it('is what decides and, or and coalesce', () => {
    assert.deepEqual(evaluateString('[and(true(), false(), trap())]', template), { value: false });
    assert.deepEqual(evaluateString('[or(false(), true(), trap())]', template), { value: true });
    assert.deepEqual(evaluateString("[coalesce(null(), 'x', trap())]", template), { value: 'x' });
  });

  it('passes on what must be loaded first', () => {
    assert.deepEqual(evaluateString("[concat('a', reference('vm').id, trap())]", template), { awaits: ['vm'] });
    assert.deepEqual(evaluateString("[map(createArray(1), lambda('x', reference('vm')))]", template), {
      awaits: ['vm'],
    });
  });
});

describe('a value of a template', () => {
  it('is evaluated in its texts and in the names of its properties', () => {
    const value = { "[concat('a', 'b')]": [1, { c: '[add(1, 1)]' }], '[[x]': null };
    assert.deepEqual(evaluateValue(value, bare), { value: { ab: [1, { c: 2 }], '[x]': null } });
  });

  it('stops at the first part that comes to none', () => {
    const refused = evaluateValue({ a: '[nope()]', b: '[reference()]' }, template);
    assert.match(messageOf(refused), /'nope'/);
    assert.deepEqual(evaluateValue({ a: '[reference()]', b: '[nope()]' }, template), { awaits: [] });
    assert.match(messageOf(evaluateValue({ '[add(1, 1)]': 1 }, bare)), /must evaluate to a string/);
  });

  it('is itself where it has no expression', () => {
    const plain = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('['));
    fc.assert(fc.property(plain, (value) => assert.deepEqual(evaluateValue(value as Json, bare), { value })));
  });

  it('is refused where it is nested too deep', () => {
    assert.match(messageOf(evaluateValue(parameters['deep'] ?? null, bare)), /nested too deep/);
  });
});

describe('the cost of evaluation', () => {
  const refusals = {
    "[map(range(0,10000), lambda('a', map(range(0,10000), lambda('b', map(range(0,10000), lambda('c', 1))))))]":
      /too many steps/,
    "[map(range(0,10000), lambda('i', contains(parameters('large'), 'x')))]": /too many steps/,
    "[reduce(range(0,60), createArray('x'), lambda('a','b', createArray(lambdaVariables('a'), lambdaVariables('a'))))]":
      /limit of '4194304'/,
    "[reduce(range(0,60), createArray('x'), lambda('a','b', concat(lambdaVariables('a'), lambdaVariables('a'))))]":
      /too many steps/,
    "[reduce(range(0,60), 'x', lambda('a','b', concat(lambdaVariables('a'), lambdaVariables('a'))))]":
      /Limit: '131072'/,
    "[reduce(range(0,60), 'x', lambda('a','b', replace(lambdaVariables('a'), 'x', 'xxxxxxxxxxxxxxxx')))]":
      /Limit: '131072'/,
    "[join(map(range(0,10000), lambda('i', 'x')), '0123456789abcdef')]": /Limit: '131072'/,
    [`[format('${'{0}'.repeat(2000)}', parameters('large'))]`]: /Limit: '131072'/,
    "[reduce(range(0,10000), 1, lambda('a','b', createArray(lambdaVariables('a'))))]": /nested too deep/,
    "[length(parameters('deep'))]": /nested too deep/,
    [`[json('${'['.repeat(10_000)}${']'.repeat(10_000)}')]`]: /nested too deep/,
  };
  for (const [expression, message] of Object.entries(refusals)) {
    it(`is bounded: ${expression.slice(0, 110)}`, () => {
      assert.match(messageOf(evaluateString(expression, template)), message);
    });
  }

  it('is shared by all evaluations of one template', () => {
    const environment = { ...template, budget: templateBudget(10) };
    assert.ok(!isRefusal(evaluateString('[add(1, 2)]', environment)));
    assert.ok(!isRefusal(evaluateString('[add(1, 2)]', environment)));
    assert.match(
      messageOf(evaluateValue(['[add(1, 2)]', '[add(1, 2)]', '[add(1, 2)]', '[add(1, 2)]'], environment)),
      /too many steps/,
    );
  });
});

describe('functions of a parameter’s default value', () => {
  const environment = (name: string) =>
    name === 'utcnow'
      ? utcNow(1_586_271_194_000 as EpochMillis)
      : name === 'newguid'
        ? newGuid(() => 'drawn')
        : undefined;
  const defaults: Environment = { function: environment };

  it('are given the time and the drawing', () => {
    assert.deepEqual(evaluateString('[utcNow()]', defaults), { value: '20200407T145314Z' });
    assert.deepEqual(evaluateString("[utcNow('u')]", defaults), { value: '2020-04-07 14:53:14Z' });
    assert.deepEqual(evaluateString("[utcNow('d')]", defaults), { value: '04/07/2020' });
    assert.deepEqual(evaluateString("[utcNow('M d')]", defaults), { value: '4 7' });
    assert.deepEqual(evaluateString('[newGuid()]', defaults), { value: 'drawn' });
    assert.match(messageOf(evaluateString("[utcNow('q')]", defaults)), /format 'q' is not valid/);
  });

  it('are unknown elsewhere, or refused by the environment', () => {
    assert.match(messageOf(evaluateString('[utcNow()]', bare)), /^The template function 'utcNow' is not valid/);
    const elsewhere = { function: () => onlyInDefaults('newGuid') };
    assert.match(
      messageOf(evaluateString('[newGuid()]', elsewhere)),
      /^The template function 'newGuid' is not expected at this location\./,
    );
  });
});

describe('a reason', () => {
  it('is framed as Azure frames an expression that fails by itself', () => {
    assert.equal(
      expressionFailed(refuse('InvalidTemplate', 'why.')).message,
      "Deployment template language expression evaluation failed: 'why.'. Please see https://aka.ms/arm-functions for usage details.",
    );
  });
});

function messageOf(evaluated: Evaluated): string {
  return isRefusal(evaluated) ? evaluated.message : JSON.stringify(evaluated).slice(0, 200);
}
