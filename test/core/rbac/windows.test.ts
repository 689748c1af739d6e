import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessRules } from '../../../src/core/rbac/access-rules.ts';
import { decide } from '../../../src/core/rbac/decide.ts';
import { formatInForce, parseRoleAssignment } from '../../../src/core/rbac/documents.ts';
import { explain } from '../../../src/core/rbac/explain.ts';
import { permissionsAt } from '../../../src/core/rbac/permissions-at.ts';
import type { AssignmentTerms } from '../../../src/core/rbac/role-assignment.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { alice, assign, group1, group10, operator, reader, subscription, vm } from './roles.ts';

const read = 'Microsoft.Compute/virtualMachines/read';
const nine = Date.UTC(2026, 10, 24, 9) as EpochMillis;
const ten = Date.UTC(2026, 10, 24, 10) as EpochMillis;

function rules(terms: AssignmentTerms, others: readonly ReturnType<typeof assign>[] = []): AccessRules {
  const made = new AccessRules([reader, operator]);
  for (const one of [{ ...assign(1, alice, reader, group1), ...terms }, ...others]) made.assignments.put(one);
  return made;
}

function ask(made: AccessRules, now?: number) {
  const facts = now === undefined ? {} : { facts: { now: now as EpochMillis } };
  return decide(made, { principals: [alice], action: read, scope: vm, ...facts });
}

describe('a role assignment with times', () => {
  const made = rules({ startsAt: nine, endsAt: ten });

  it('allows from its first millisecond to its last, and not one beside them', () => {
    assert.ok(!ask(made, nine - 1).allowed);
    assert.ok(ask(made, nine).allowed);
    assert.ok(ask(made, ten - 1).allowed);
    assert.ok(!ask(made, ten).allowed);
  });

  it('follows a clock that is set back', () => {
    assert.ok(!ask(made, ten + 1).allowed && ask(made, nine).allowed && !ask(made, ten + 1).allowed);
  });

  it('needs no beginning and no end', () => {
    const open = rules({ startsAt: nine });
    assert.ok(ask(open, Number.MAX_SAFE_INTEGER).allowed && !ask(open, 0).allowed);
    const past = rules({ endsAt: ten });
    assert.ok(ask(past, 0).allowed && !ask(past, Number.MAX_SAFE_INTEGER).allowed);
  });

  it('allows nothing where the time is not known', () => {
    assert.ok(!ask(made).allowed);
  });

  it('leaves what other assignments allow', () => {
    const both = rules({ endsAt: nine }, [assign(2, alice, reader, subscription)]);
    assert.ok(ask(both, ten).allowed && ask(both).allowed);
  });

  it('is shown among the permissions while it is in force alone', () => {
    const at = (now: EpochMillis) => permissionsAt(made, [alice], vm, { now });
    assert.deepEqual(at(nine), reader.permissions);
    assert.deepEqual(at(ten), []);
  });

  it('gives its row back without its times', () => {
    const reused = rules({ endsAt: nine });
    reused.assignments.remove(assign(1, alice, reader, group1));
    reused.assignments.put(assign(3, alice, reader, group1));
    assert.ok(ask(reused, ten).allowed);
    assert.deepEqual([...reused.assignments.of(alice)], [assign(3, alice, reader, group1)]);
  });

  it('takes the times that it is put with, also in place of others', () => {
    const changed = rules({ endsAt: nine });
    changed.assignments.put({ ...assign(1, alice, reader, group1), endsAt: ten });
    assert.ok(ask(changed, nine).allowed && !ask(changed, ten).allowed);
    changed.assignments.put(assign(1, alice, reader, group1));
    assert.ok(ask(changed, ten).allowed);
  });
});

describe('why an assignment with times did not allow', () => {
  const why = (made: AccessRules, now: EpochMillis) => {
    const question = { principalId: alice, action: read, scope: vm, facts: { now } };
    return explain(question, decide(made, { ...question, principals: [alice] })).reason;
  };

  it('says when it begins, and when it ended, before any other miss', () => {
    const made = rules({ startsAt: nine, endsAt: ten }, [assign(2, alice, operator, group10)]);
    assert.match(
      why(made, 0 as EpochMillis),
      /Reader at .*rg1, but that assignment begins at 2026-11-24T09:00:00\.000Z$/,
    );
    assert.match(why(made, ten), /but that assignment ended at 2026-11-24T10:00:00\.000Z$/);
  });
});

describe('the document of a role assignment with times', () => {
  const body = {
    id: `${group1}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000001`,
    properties: { roleDefinitionId: reader.id, principalId: alice, scope: group1, principalType: 'ServicePrincipal' },
  };

  it('is read as it was written', () => {
    for (const terms of [{}, { startsAt: nine }, { endsAt: ten }, { startsAt: nine, endsAt: ten }]) {
      const stored = JSON.parse(JSON.stringify({ ...body, ...formatInForce(terms) }));
      assert.deepEqual(parseRoleAssignment(stored), { ...assign(1, alice, reader, group1), ...terms });
    }
  });
});
