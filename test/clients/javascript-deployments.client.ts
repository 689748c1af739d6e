import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

const group = 'js-deployed';
let postern: RunningPostern;
let seen: Readonly<Record<string, unknown>>;

before(async () => {
  postern = await startPostern();
  const { environment } = postern;
  const program = resolve(import.meta.dirname, 'javascript-deployments.ts');
  // The program runs in a process of its own, since NODE_EXTRA_CA_CERTS is read at start.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: environment.ca };
  const result = runProgram(process.execPath, [program], JSON.stringify({ ...environment, group }), env);
  assert.equal(result.status, 0, result.stderr);
  seen = JSON.parse(result.stdout);
});
after(() => postern?.stop());

describe('@azure/arm-resourcesdeployments 2.0.0', () => {
  it('deployments: validate, whatIf', () => {
    assert.deepEqual([seen['validated'], seen['whatIf']], [2, ['Create', 'Create']]);
    assert.deepEqual(seen['again'], ['NoChange', 'NoChange']);
  });
  it('deployments: createOrUpdate, get, listByResourceGroup, exportTemplate', () => {
    const region = { region: { type: 'String', value: 'westeurope' } };
    const parameters = { count: { type: 'Int', value: 2 }, key: { type: 'SecureString' } };
    assert.deepEqual(seen['made'], ['Succeeded', region, parameters]);
    assert.deepEqual([seen['shown'], seen['listed'], seen['exported']], [2, ['one'], ['region']]);
  });
  it('deploymentOperations: list, get', () => {
    assert.deepEqual(seen['operations'], ['Create', 'Create', 'EvaluateDeploymentOutput']);
    assert.equal(seen['operation'], true);
  });
  it('deployments: what fails and what is refused; cancel, delete', () => {
    // A poller's error has no code of its own.
    assert.match(String(seen['failed']), /DeploymentFailed/);
    assert.deepEqual([seen['state'], seen['invalid']], ['Failed', 'InvalidTemplate']);
    assert.deepEqual([seen['ended'], seen['gone']], ['Conflict', 'DeploymentNotFound']);
  });
  it('deployments: createOrUpdateAtSubscriptionScope', () => {
    assert.deepEqual(seen['above'], ['westeurope', `${group}-2`]);
  });
});
