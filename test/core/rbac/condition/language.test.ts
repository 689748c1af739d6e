import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessRules } from '../../../../src/core/rbac/access-rules.ts';
import { conditionLanguage, conditionsLoading } from '../../../../src/core/rbac/condition/language.ts';
import { decide } from '../../../../src/core/rbac/decide.ts';
import { alice, assign, group1, reader, vm } from '../roles.ts';

describe('the language of conditions', () => {
  it('is loaded by the first decision that meets one, which refuses until it is there', async () => {
    const rules = new AccessRules([reader]);
    rules.assignments.put({ ...assign(1, alice, reader, group1), condition: "ActionMatches{'*'}" });
    const ask = (action: string) => decide(rules, { principals: [alice], action, scope: vm });
    assert.ok(!ask('Microsoft.Compute/virtualMachines/write').allowed);
    assert.equal(conditionsLoading(), undefined, 'an action that the role has not meets no condition');
    assert.ok(!ask('Microsoft.Compute/virtualMachines/read').allowed);
    const loading = conditionsLoading();
    assert.ok(loading);
    await loading;
    assert.ok(ask('Microsoft.Compute/virtualMachines/read').allowed);
    assert.equal(conditionsLoading(), undefined);
    assert.ok(conditionLanguage());
  });
});
