import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AccessRules } from '../../../src/core/rbac/access-rules.ts';
import { decide } from '../../../src/core/rbac/decide.ts';
import type { RoleAssignment } from '../../../src/core/rbac/role-assignment.ts';

const reader = {
  id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  roleName: 'Reader',
  type: 'BuiltInRole',
  description: '',
  assignableScopes: ['/'],
  permissions: [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }],
} as const;
const guid = (n: number) => `00000000-0000-4000-a000-${String(n).padStart(12, '0')}`;
const subscription = `/subscriptions/${guid(1)}`;
const scopeOf = (n: number) => (n === 0 ? subscription : `${subscription}/resourceGroups/rg${n}`);
const groups = Array.from({ length: 40 }, (_, at) => guid(100 + at));

function assignment(group: number, scope: number): RoleAssignment {
  const at = scopeOf(scope);
  return {
    id: `${at}/providers/Microsoft.Authorization/roleAssignments/${guid(1000 + group * 100 + scope)}`,
    scope: at,
    roleDefinitionId: reader.id,
    principalId: groups[group] ?? '',
    principalType: 'Group',
  };
}

describe('a caller in many groups', () => {
  it('is allowed what any of them is, whatever comes and goes between two questions', () => {
    const change = fc.record({ group: fc.nat(39), scope: fc.nat(5), add: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const rules = new AccessRules([reader]);
        const held = new Set<string>();
        const ask = (scope: number) =>
          decide(rules, {
            principals: groups,
            action: 'Microsoft.Compute/virtualMachines/read',
            scope: scopeOf(scope),
          });
        groups.forEach((_, group) => {
          rules.assignments.put(assignment(group, 5));
          held.add(`${group}/5`);
        });
        for (const { group, scope, add } of changes) {
          if (add) rules.assignments.put(assignment(group, scope));
          else rules.assignments.remove(assignment(group, scope));
          if (add) held.add(`${group}/${scope}`);
          else held.delete(`${group}/${scope}`);
          // Often enough that the holders come to be indexed.
          for (let times = 0; times < 20; times += 1) {
            for (const asked of [0, 1, 2, 3, 4, 5]) {
              const expected = [...held].some((one) => one.endsWith('/0') || one.endsWith(`/${asked}`));
              assert.equal(ask(asked).allowed, expected);
            }
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
