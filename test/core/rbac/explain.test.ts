import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessRules } from '../../../src/core/rbac/access-rules.ts';
import { decide } from '../../../src/core/rbac/decide.ts';
import { explain } from '../../../src/core/rbac/explain.ts';
import { alice, assign, forbid, group1, group10, operator, reader, team, vm } from './roles.ts';

const restart = 'Microsoft.Compute/virtualMachines/restart/action';

function why(rules: AccessRules, principals: readonly string[] = [alice]) {
  const question = { principalId: alice, action: restart, scope: vm };
  return explain(question, decide(rules, { ...question, principals }));
}

describe('an explanation for the operator', () => {
  it('names the role and scope that lack the action', () => {
    const rules = new AccessRules([reader]);
    rules.assignments.put(assign(1, alice, reader, group1));
    const explanation = why(rules);
    assert.equal(explanation.allowed, false);
    assert.equal(explanation.assignmentId, assign(1, alice, reader, group1).id);
    assert.equal(
      explanation.reason,
      `principal ${alice} has the role Reader at ${group1}, but no action of that role matches ${restart}`,
    );
  });

  it('says through which group a role is held', () => {
    const rules = new AccessRules([operator]);
    rules.assignments.put(assign(1, team, operator, group1));
    const explanation = why(rules, [alice, team]);
    assert.equal(explanation.allowed, true);
    assert.equal(explanation.assignedTo, team);
    assert.match(
      explanation.reason,
      new RegExp(`^group ${team}, of which ${alice} is a member, has the role Operator`),
    );
  });

  it('says when the role is held at another scope', () => {
    const rules = new AccessRules([operator]);
    rules.assignments.put(assign(1, alice, operator, group10));
    assert.match(why(rules).reason, /at .*rg10, but that scope is neither .*web-2 nor above it$/);
  });

  it('names the deny assignment that forbids', () => {
    const rules = new AccessRules([operator]);
    rules.assignments.put(assign(1, alice, operator, group1));
    rules.denials.put(forbid(['*'], [alice], group1));
    const explanation = why(rules);
    assert.equal(explanation.kind, 'deniedBy');
    assert.match(explanation.reason, /^deny assignment 'a lock' at .*rg1 forbids/);
  });

  it('says when the principal holds nothing', () => {
    assert.match(why(new AccessRules([])).reason, /has no role assignment at all/);
  });
});
