import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AccessRules } from '../../../src/core/rbac/access-rules.ts';
import { decide } from '../../../src/core/rbac/decide.ts';
import type { RoleAssignment } from '../../../src/core/rbac/role-assignment.ts';
import { contributor, guid, operator, reader } from './roles.ts';

const roles = [reader, operator, contributor];
const principals = ['p1', 'P2', 'p3'];
const scopes = ['/', '/subscriptions/s', '/subscriptions/S/resourceGroups/rg1', '/subscriptions/s/resourceGroups/rg10'];
const targets = [...scopes, '/subscriptions/s/resourcegroups/RG1/providers/Microsoft.Compute/virtualMachines/a'];
const actions = [
  'Microsoft.Compute/disks/read',
  'Microsoft.Compute/virtualMachines/start/action',
  'Microsoft.Authorization/x/write',
];

const assignment = fc.record({
  number: fc.nat(12),
  principalId: fc.constantFrom(...principals),
  role: fc.constantFrom(...roles),
  scope: fc.constantFrom(...targets),
});
const step = fc.record({ assignment, adds: fc.boolean() });

describe('the assignment table', () => {
  it('decides as a plain search through all assignments does, after any run of additions and removals', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rules = new AccessRules(roles);
        const held = new Map<string, RoleAssignment>();
        for (const { assignment: drawn, adds } of steps) {
          const made = toAssignment(drawn);
          if (adds) {
            rules.assignments.put(made);
            held.set(keyOf(made), made);
          } else {
            rules.assignments.remove(made);
            held.delete(keyOf(made));
          }
        }
        assert.equal(rules.assignments.size, held.size);
        for (const principal of principals) checkPrincipal(rules, [...held.values()], principal);
      }),
      { numRuns: 300 },
    );
  });
});

function checkPrincipal(rules: AccessRules, held: readonly RoleAssignment[], principal: string) {
  const own = held.filter((one) => one.principalId.toLowerCase() === principal.toLowerCase());
  assert.deepEqual([...rules.assignments.of(principal)].map(keyOf).sort(), own.map(keyOf).sort());
  for (const scope of targets) {
    for (const action of actions) {
      const decision = decide(rules, { principals: [principal], action, scope });
      assert.equal(decision.allowed, naive(own, action, scope), `${principal} ${action} ${scope}`);
    }
  }
}

function naive(own: readonly RoleAssignment[], action: string, scope: string): boolean {
  return own.some((one) => {
    const above = one.scope === '/' ? '' : one.scope.toLowerCase();
    const covers = scope.toLowerCase() === above || scope.toLowerCase().startsWith(`${above}/`);
    return covers && roles.some((role) => role.id === one.roleDefinitionId && allows(role.roleName, action));
  });
}

function allows(roleName: string, action: string): boolean {
  if (roleName === 'Reader') return action.endsWith('/read');
  if (roleName === 'Operator') return action.startsWith('Microsoft.Compute/virtualMachines/');
  return !action.startsWith('Microsoft.Authorization/');
}

function toAssignment(drawn: {
  number: number;
  principalId: string;
  role: (typeof roles)[number];
  scope: string;
}): RoleAssignment {
  return {
    id: `${drawn.scope === '/' ? '' : drawn.scope}/providers/Microsoft.Authorization/roleAssignments/${guid(drawn.number)}`,
    scope: drawn.scope,
    roleDefinitionId: drawn.role.id,
    principalId: drawn.principalId,
    principalType: 'ServicePrincipal',
  };
}

function keyOf(one: RoleAssignment): string {
  return `${one.principalId} ${one.id}`.toLowerCase();
}
