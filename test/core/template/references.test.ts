import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import { evaluateBody } from '../../../src/core/template/body.ts';
import { templateBudget } from '../../../src/core/template/expression/budget.ts';
import { isValue } from '../../../src/core/template/expression/evaluated.ts';
import { evaluateOutputs } from '../../../src/core/template/outputs.ts';
import { planTemplate } from '../../../src/core/template/plan.ts';
import { keyOfWanted, withReferences } from '../../../src/core/template/references.ts';
import { account, comesTo, group, opened, scopeOf } from './planned.ts';

const id = (name: string) => `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
const parts = {
  resources: [account('a'), account('b', { location: "[reference('a', '2023-01-01', 'Full').location]" })],
  outputs: {
    open: { type: 'string', value: "[reference('a').x]" },
    shut: { type: 'securestring', value: 'never' },
    off: { type: 'string', condition: false, value: '[nothing()]' },
  },
};

function withLoaded(loaded: ReadonlyMap<string, Json>) {
  const { template, environment } = opened(parts);
  const scope = scopeOf(group);
  const plan = planTemplate(template, environment, scope);
  if (isRefusal(plan)) throw new Error(plan.message);
  return { template, plan, environment: withReferences(environment, plan, scope, loaded, templateBudget()) };
}

const wantedA = { id: id('a'), apiVersion: '2023-01-01', planned: id('a').toLowerCase() };
const loadedA = new Map<string, Json>([
  [keyOfWanted(wantedA), { id: id('a'), name: 'a', type: 't', location: 'eastus', properties: { x: 'seen' } }],
]);

describe('reference', () => {
  it('awaits what has not been loaded, and says whether the template makes it', () => {
    const { environment } = withLoaded(new Map());
    assert.deepEqual(comesTo("[reference('a')]", environment), { awaits: wantedA });
    const elsewhere = comesTo(`[reference('${id('z')}', '2020-01-01')]`, environment);
    assert.deepEqual(elsewhere, { awaits: { id: id('z'), apiVersion: '2020-01-01' } });
    assert.match(String(comesTo(`[reference('${id('z')}')]`, environment)), /must say an api-version/);
    assert.match(String(comesTo("[reference('z')]", environment)), /'z' referenced is not defined in the template/);
  });

  it('answers the properties, or with Full the resource without what its id says', () => {
    const { environment } = withLoaded(loadedA);
    assert.deepEqual(comesTo("[reference('a')]", environment), { x: 'seen' });
    const full = comesTo("[reference('a', '2023-01-01', 'full')]", environment) as Readonly<Record<string, Json>>;
    assert.deepEqual([full['location'], full['resourceGroupName'], full['id']], ['eastus', 'rg1', undefined]);
    assert.equal(full['isTemplateResource'], true);
  });

  it('tells list functions apart by action and body', () => {
    const { environment } = withLoaded(loadedA);
    const keys = comesTo("[listKeys('a', '2023-01-01')]", environment);
    assert.deepEqual(keys, { awaits: { ...wantedA, action: 'listKeys' } });
    const sas = comesTo("[listAccountSas('a', '2023-01-01', createObject('x', 1))]", environment);
    assert.notEqual(
      keyOfWanted((sas as { awaits: typeof wantedA }).awaits),
      keyOfWanted((keys as { awaits: typeof wantedA }).awaits),
    );
  });
});

describe('what is sent and what is shown', () => {
  it('is evaluated once everything has been loaded', () => {
    const [, b] = withLoaded(loadedA).plan.resources;
    assert.ok(b);
    const body = evaluateBody(b, withLoaded(loadedA).environment);
    assert.deepEqual(isValue(body) ? body.value : body, { location: 'eastus' });
    assert.ok('awaits' in evaluateBody(b, withLoaded(new Map()).environment));
  });

  it('leaves out secure outputs and those whose condition is false', () => {
    const { template, environment } = withLoaded(loadedA);
    const outputs = evaluateOutputs(template, environment);
    assert.deepEqual(outputs, { outputs: { open: { type: 'String', value: 'seen' }, shut: { type: 'SecureString' } } });
    assert.ok('awaits' in evaluateOutputs(template, withLoaded(new Map()).environment));
  });
});
