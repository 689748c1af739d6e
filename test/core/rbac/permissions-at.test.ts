import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessRules } from '../../../src/core/rbac/access-rules.ts';
import { permissionsAt } from '../../../src/core/rbac/permissions-at.ts';
import { alice, assign, group1, group10, guid, operator, reader, role, subscription, vm } from './roles.ts';

const condition = "ActionMatches{'*/read'}";

describe('the permissions at a scope', () => {
  const rules = new AccessRules([reader, operator]);
  rules.assignments.put(assign(1, alice, reader, subscription));
  rules.assignments.put({ ...assign(2, alice, operator, group1), condition });

  it('are those of roles held there and above, a conditional one under its condition', () => {
    const [permission] = operator.permissions;
    assert.deepEqual(permissionsAt(rules, [alice], vm), [
      ...reader.permissions,
      { ...permission, condition, conditionVersion: '2.0' },
    ]);
    assert.deepEqual(permissionsAt(rules, [alice], group10), reader.permissions);
  });

  it('are unconditional where one of several assignments of a role is', () => {
    for (const order of [[3, 4] as const, [4, 3] as const]) {
      const made = new AccessRules([reader]);
      for (const number of order) {
        const one = assign(number, alice, reader, group1);
        made.assignments.put(number === 3 ? { ...one, condition } : one);
      }
      assert.deepEqual(permissionsAt(made, [alice], vm), reader.permissions);
    }
  });

  it("are under both where the role's permission has a condition too", () => {
    const bound = role(guid(90), 'Bound', { actions: ['*'], condition: "ActionMatches{'a/read'}" });
    const made = new AccessRules([bound]);
    made.assignments.put({ ...assign(1, alice, bound, group1), condition });
    const [permission] = permissionsAt(made, [alice], vm);
    assert.equal(permission?.condition, `(ActionMatches{'a/read'}) AND (${condition})`);
  });
});
