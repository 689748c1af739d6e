import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import { parseTemplate } from '../../../src/core/template/parse-template.ts';
import { account, written } from './planned.ts';

function whyNot(value: Json): string {
  const parsed = parseTemplate(value);
  assert.ok(isRefusal(parsed), 'it was read');
  assert.equal(parsed.refused, 'InvalidTemplate');
  return parsed.message;
}

describe('a template', () => {
  it('is an object with a schema and a version of its content', () => {
    assert.match(whyNot([]), /must be a JSON object/);
    assert.match(whyNot({ contentVersion: '1.0.0.0', resources: [] }), /\$schema/);
    assert.match(whyNot({ $schema: 'x', resources: [] }), /contentVersion/);
    assert.match(whyNot(written({ languageVersion: '9' })), /'9' is not supported/);
  });

  it('keeps within the limits of its parts', () => {
    const many = (count: number, value: Json): JsonObject =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, value]));
    assert.match(whyNot(written({ parameters: many(257, { type: 'int' }) })), /Limit: '256' and actual: '257'/);
    assert.match(whyNot(written({ outputs: many(65, { type: 'int', value: 1 }) })), /Limit: '64'/);
    assert.ok(!isRefusal(parseTemplate(written({ parameters: many(256, { type: 'int' }) }))));
  });

  it('says what is wrong with a resource, by its name', () => {
    const of = (more: JsonObject) => whyNot(written({ resources: [account('a', more)] }));
    assert.match(of({ type: 3 }), /'a' must have a 'type' that is a string/);
    assert.match(of({ apiVersion: '' }), /'a' must have a 'apiVersion'/);
    assert.match(of({ dependsOn: 'b' }), /'dependsOn' of the resource 'a' must be an array/);
    assert.match(of({ copy: { count: 2 } }), /'copy' of the resource 'a' must have a 'name'/);
    assert.match(of({ copy: { name: 'c', count: 2, mode: 'serial', batchSize: 0 } }), /batchSize/);
    assert.match(whyNot(written({ resources: ['a'] })), /each resource must be an object/);
    assert.match(whyNot(written({ resources: 'a' })), /must be an array or an object/);
    assert.match(whyNot(written({ parameters: { a: 'string' } })), /'parameters.a' must be an object/);
    assert.match(whyNot(written({ functions: [{ members: {} }] })), /'namespace'/);
  });

  it('sends what is no word of the language, and only that', () => {
    const parsed = parseTemplate(
      written({ resources: [account('a', { comments: 'x', sku: { name: 'y' }, zones: ['1'] })] }),
    );
    assert.ok(!isRefusal(parsed));
    assert.deepEqual(parsed.resources[0]?.body, { sku: { name: 'y' }, zones: ['1'] });
  });
});
