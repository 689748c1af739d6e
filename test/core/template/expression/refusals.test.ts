import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isRefusal } from '../../../../src/core/refusal.ts';
import { evaluateString } from '../../../../src/core/template/expression/evaluate.ts';
import { functions } from '../../../../src/core/template/expression/functions.ts';
import { guidOf } from '../../../../src/core/template/expression/hash/guid.ts';
import { sha1 } from '../../../../src/core/template/expression/hash/sha1.ts';
import { uniqueStringOf } from '../../../../src/core/template/expression/hash/unique-string.ts';

const bare = { function: () => undefined };
const failed = (name: string, reason: string) =>
  `Unable to evaluate template language function '${name}': ${reason}. Please see https://aka.ms/arm-resource-functions/#${name} for usage details.`;
const typed = (name: string, wanted: string, given: string) =>
  `The template language function '${name}' expects its ${wanted}'. The provided value is of type '${given}'. Please see https://aka.ms/arm-resource-functions/#${name} for usage details.`;
const width = 'Total width must be a positive integer value and not greater than';
const padLeft = 'The syntax is padLeft(string, totalWidth [, paddingChar])';

const refusals: Readonly<Record<string, string>> = {
  'empty()': failed('empty', 'function requires 1 argument(s) while 0 were provided'),
  'toObject(createArray())': failed('toObject', 'function requires between 2 and 3 argument(s) while 1 were provided'),
  "format('->{123}<-', 123)": failed(
    'format',
    "the format is invalid: 'Index (zero based) must be greater than or equal to zero and less than the size of the argument list.'",
  ),
  'base64(100)': typed('base64', "parameter to be of type 'String", 'Integer'),
  "split(100, ',')": typed('split', "first parameter to be of type 'String", 'Integer'),
  "add(1, 'a')": typed('add', "second parameter to be of type 'Integer", 'String'),
  'not(1)': typed('not', "parameter to be of type 'Boolean", 'Integer'),
  "if('true', 1, 2)": typed('if', "first parameter to be of type 'Boolean", 'String'),
  'padLeft(100, 200)': failed(
    'padLeft',
    `the second parameter is invalid. ${width} '16', while '200' was provided. ${padLeft}`,
  ),
  'div(1, 0)': failed('div', 'the second parameter must not be zero'),
  'mul(9007199254740991, 2)': failed('mul', 'an overflow was detected'),
  "int('4.5')": failed('int', "the value of type 'String' can't be converted to an integer"),
  "bool('yes')": failed('bool', "the value of type 'String' can't be converted to a boolean"),
  "createObject('a', 1, 'a', 2)": failed('createObject', "the name 'a' is given twice"),
  "createObject('a')": failed('createObject', 'an even number of parameters is needed, while 1 were provided'),
  'union(createArray(), createObject())': failed(
    'union',
    "all parameters must be arrays or all must be objects, while 'Array, Object' were provided",
  ),
  "less('a', 1)": failed('less', "the parameters must be of the same type, while 'String' and 'Integer' were provided"),
  'range(0, 10001)': failed(
    'range',
    "the count '10001' must be from 0 to 10000, and the last number '2147483647' at most",
  ),
  "json('{')": failed('json', 'the parameter is not valid JSON'),
  "base64ToString('%')": failed('base64ToString', 'the provided value cannot be decoded from base64'),
  "cidrSubnet('10.0.0.0/24', 16, 0)": failed('cidrSubnet', "the new CIDR '16' must be from '24' to '32'"),
  "cidrHost('10.0.0.0/30', 2)": failed('cidrHost', "there is no host '2' in the network"),
  "tryGet(createObject('a', createObject()), 'a', 'b')": failed(
    'tryGet',
    "The language expression property 'b' doesn't exist, available properties are ''",
  ),
  "fail('not here')": failed('fail', 'not here'),
  "map(createArray(1), 'x')": failed(
    'map',
    "the parameter must be a lambda, such as lambda('item', lambdaVariables('item'))",
  ),
  "filter(createArray(1), lambda('x', 1))": failed(
    'filter',
    "the lambda must evaluate to a value of type 'Boolean', not 'Integer'",
  ),
  "lambdaVariables('x')": failed('lambdaVariables', "there is no lambda variable 'x' here, available are ''"),
  'concat()':
    "Unable to evaluate template language function 'concat'. At least one parameter should be provided. Please see https://aka.ms/arm-resource-functions/#concat for usage details.",
};

describe('a function that can give no value', () => {
  for (const [expression, message] of Object.entries(refusals)) {
    it(`says why: ${expression}`, () => {
      const refusal = evaluateString(`[${expression}]`, bare);
      assert.ok(isRefusal(refusal) && refusal.refused === 'InvalidTemplate');
      assert.equal(refusal.message, message);
    });
  }

  it('answers every number and type of arguments with a value or a refusal', () => {
    const arg = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.integer(), fc.string(), fc.boolean(), fc.constant(1e300));
    fc.assert(
      fc.property(fc.constantFrom(...functions.keys()), fc.array(arg, { maxLength: 4 }), (name, args) => {
        const evaluated = functions.get(name)?.(args as never);
        return isRefusal(evaluated)
          ? evaluated.refused === 'InvalidTemplate'
          : evaluated !== undefined && 'value' in evaluated;
      }),
      { numRuns: 5000 },
    );
  });
});

describe('names that are derived from texts', () => {
  it('are SHA-1 as node:crypto has it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.equal(Buffer.from(sha1(bytes)).toString('hex'), createHash('sha1').update(bytes).digest('hex'));
      }),
    );
  });

  it('are version 5 GUIDs, by the texts joined with hyphens', () => {
    const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    fc.assert(fc.property(fc.string(), (text) => guid.test(guidOf(text))));
    assert.equal(guidOf('test'), 'd6a5baf1-8b9b-542a-8525-2982f1f98a0c', "as Python's uuid5 has it");
    assert.deepEqual(evaluateString("[guid('a', 'b')]", bare), { value: guidOf('a-b') });
  });

  it('are 13 letters, different by letter case', () => {
    fc.assert(fc.property(fc.string(), (text) => /^[a-z2-7]{13}$/.test(uniqueStringOf(text))));
    assert.notEqual(uniqueStringOf('ABC'), uniqueStringOf('abc'));
  });
});
