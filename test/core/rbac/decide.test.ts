import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessRules } from '../../../src/core/rbac/access-rules.ts';
import { type AccessQuestion, decide } from '../../../src/core/rbac/decide.ts';
import { everyone } from '../../../src/core/rbac/deny-table.ts';
import type { DenyAssignment, RoleAssignment } from '../../../src/core/rbac/role-assignment.ts';
import * as given from './roles.ts';
import {
  alice,
  assign,
  bob,
  contributor,
  group1,
  group10,
  login,
  operator,
  reader,
  subscription,
  team,
  vm,
} from './roles.ts';

const restart = 'Microsoft.Compute/virtualMachines/restart/action';
const read = 'Microsoft.Compute/virtualMachines/read';
const grantRole = 'Microsoft.Authorization/roleAssignments/write';

function rules(assignments: readonly RoleAssignment[], denials: readonly DenyAssignment[] = []): AccessRules {
  const made = new AccessRules([reader, operator, contributor, login]);
  for (const assignment of assignments) made.assignments.put(assignment);
  for (const denial of denials) made.denials.put(denial);
  return made;
}

function ask(made: AccessRules, question: Partial<AccessQuestion>) {
  return decide(made, { principals: [alice], action: read, scope: vm, ...question });
}

describe('a role assignment', () => {
  const made = rules([assign(1, alice, reader, group1)]);

  it('allows the actions of its role at its scope and below', () => {
    assert.ok(ask(made, { scope: group1 }).allowed);
    assert.ok(ask(made, { scope: vm }).allowed);
  });

  it('allows nothing above or beside its scope: /rg1 never covers /rg10', () => {
    assert.ok(!ask(made, { scope: subscription }).allowed);
    assert.ok(!ask(made, { scope: group10 }).allowed);
    assert.ok(!ask(made, { scope: '/' }).allowed);
  });

  it('allows no other action and no other principal', () => {
    assert.ok(!ask(made, { action: restart }).allowed);
    assert.ok(!ask(made, { principals: [bob] }).allowed);
  });

  it('holds for any spelling of scope, principal and action', () => {
    const question = { principals: [alice.toUpperCase()], action: read.toUpperCase(), scope: `/${vm.toUpperCase()}/` };
    assert.ok(ask(made, question).allowed);
  });

  it('at the tenant covers everything', () => {
    assert.ok(ask(rules([assign(1, alice, reader, '/')]), { scope: vm }).allowed);
  });

  it('of a group covers its members', () => {
    const grouped = rules([assign(1, team, reader, group1)]);
    assert.ok(ask(grouped, { principals: [alice, team] }).allowed);
    assert.ok(!ask(grouped, { principals: [alice] }).allowed);
  });

  it('of a role that is gone allows nothing', () => {
    const custom = { ...given.role(given.guid(77), 'Looker', { actions: [read] }), type: 'CustomRole' as const };
    const orphaned = rules([assign(1, alice, custom, group1)]);
    orphaned.putRole(custom);
    assert.ok(ask(orphaned, {}).allowed);
    assert.equal(orphaned.customRoles, 1);
    orphaned.removeRole(custom.id);
    assert.ok(!ask(orphaned, {}).allowed);
    assert.equal(orphaned.customRoles, 0);
  });

  it('of a role that is put in place of a shipped one has its permissions, and the shipped ones again when it goes', () => {
    const made = rules([assign(1, alice, reader, group1)]);
    made.putRole(given.role(reader.id.toUpperCase(), 'Reader', { actions: [restart] }));
    assert.ok(ask(made, { action: restart }).allowed && !ask(made, {}).allowed);
    made.removeRole(reader.id);
    assert.ok(!ask(made, { action: restart }).allowed && ask(made, {}).allowed);
  });

  it('of a role whose permission has a condition that cannot be read allows nothing by it, and what its others allow', () => {
    const conditional = given.role(given.guid(78), 'Conditional', { actions: [grantRole], condition: 'true' });
    const mixed = { ...conditional, permissions: [...conditional.permissions, ...reader.permissions] };
    const made = rules([assign(1, alice, conditional, group1)]);
    made.putRole(conditional);
    assert.ok(!ask(made, { action: grantRole }).allowed);
    made.putRole(mixed);
    assert.ok(!ask(made, { action: grantRole }).allowed && ask(made, {}).allowed);
  });
});

describe('several role assignments', () => {
  it('add up', () => {
    const made = rules([assign(1, alice, reader, group1), assign(2, alice, operator, group1)]);
    assert.ok(ask(made, { action: restart }).allowed);
  });

  it("keep what one role's notActions take from that role alone", () => {
    const granting = given.role(given.guid(77), 'Granting', { actions: [grantRole] });
    const made = rules([assign(1, alice, contributor, group1), assign(2, alice, granting, group1)]);
    assert.ok(!ask(made, { action: grantRole }).allowed);
    made.putRole(granting);
    assert.ok(ask(made, { action: grantRole }).allowed);
  });
});

describe('the data plane', () => {
  it('is not granted by control-plane wildcards, nor the other way', () => {
    const action = 'Microsoft.Compute/virtualMachines/login/action';
    const made = rules([assign(1, alice, contributor, group1), assign(2, bob, login, group1)]);
    assert.ok(!ask(made, { action, plane: 'data' }).allowed);
    assert.ok(ask(made, { action, plane: 'data', principals: [bob] }).allowed);
    assert.ok(!ask(made, { action, principals: [bob] }).allowed);
  });
});

describe('a deny assignment', () => {
  const granted = [assign(1, alice, contributor, subscription), assign(2, bob, contributor, subscription)];
  const denial = given.forbid(['*/restart/action'], [everyone], group1);

  it('wins over every role assignment, for everyone it names', () => {
    const made = rules(granted, [denial]);
    const decision = ask(made, { action: restart });
    assert.equal(decision.allowed, false);
    assert.equal(decision.because.kind, 'deniedBy');
    assert.ok(ask(made, { action: read }).allowed);
    assert.ok(ask(made, { action: restart, scope: group10 }).allowed);
  });

  it('spares the principals it excludes, and their groups', () => {
    const made = rules(granted, [{ ...denial, excludePrincipals: [team] }]);
    assert.ok(ask(made, { action: restart, principals: [alice, team] }).allowed);
    assert.ok(!ask(made, { action: restart, principals: [bob] }).allowed);
  });

  it('reaches members of a group it names, and nobody else', () => {
    const made = rules(granted, [{ ...denial, principals: [team] }]);
    assert.ok(!ask(made, { action: restart, principals: [alice, team] }).allowed);
    assert.ok(ask(made, { action: restart, principals: [bob] }).allowed);
  });

  it('stays at its own scope when it does not apply to child scopes', () => {
    const made = rules(granted, [{ ...denial, doNotApplyToChildScopes: true }]);
    assert.ok(!ask(made, { action: restart, scope: group1 }).allowed);
    assert.ok(ask(made, { action: restart, scope: vm }).allowed);
  });

  it('denies whole what it names under a condition, which would deny less', () => {
    const [permission] = denial.permissions;
    assert.ok(permission);
    const made = rules(granted, [{ ...denial, permissions: [{ ...permission, condition: "ActionMatches{'x/y'}" }] }]);
    assert.ok(!ask(made, { action: restart }).allowed);
  });

  it('is gone once removed', () => {
    const made = rules(granted, [denial]);
    made.denials.remove(denial);
    assert.ok(ask(made, { action: restart }).allowed);
  });
});

describe('why a decision came out as it did', () => {
  const because = (assignments: readonly RoleAssignment[], action: string, scope = vm) =>
    ask(rules(assignments), { action, scope }).because;

  it('names the assignment and role that allowed', () => {
    const why = because([assign(1, alice, reader, group1)], read);
    assert.ok(why.kind === 'allowedBy');
    assert.deepEqual(why.grant, { assignment: assign(1, alice, reader, group1), role: reader });
  });

  it('names the role in force whose notActions took the action back, before any other miss', () => {
    const held = [
      assign(1, alice, reader, group1),
      assign(2, alice, contributor, subscription),
      assign(3, alice, given.role(given.guid(9), 'x', {}), vm),
    ];
    const why = because(held, grantRole);
    assert.ok(why.kind === 'nearestMiss');
    assert.equal(why.reason, 'actionExcluded');
    assert.equal(why.grant.role.roleName, 'Contributor');
  });

  it('names an assignment elsewhere that would have allowed, before one in force without the action', () => {
    const held = [assign(1, alice, reader, group1), assign(2, alice, operator, group10)];
    const why = because(held, restart);
    assert.ok(why.kind === 'nearestMiss');
    assert.equal(why.reason, 'otherScope');
    assert.equal(why.grant.assignment.scope, group10);
  });

  it('names the assignment in force that lacks the action', () => {
    const why = because([assign(1, alice, reader, group1)], restart);
    assert.ok(why.kind === 'nearestMiss');
    assert.equal(why.reason, 'actionNotInRole');
  });

  it('says when there is no assignment at all', () => {
    assert.deepEqual(because([assign(1, bob, reader, group1)], read), { kind: 'noAssignments' });
  });
});
